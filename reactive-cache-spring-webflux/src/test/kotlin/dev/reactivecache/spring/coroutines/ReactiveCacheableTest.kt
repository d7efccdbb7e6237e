package dev.reactivecache.spring.coroutines

import dev.reactivecache.spring.ReactiveCacheAutoConfiguration
import dev.reactivecache.spring.cache.ReactiveCacheAnnotationsAutoConfiguration
import dev.reactivecache.spring.cache.ReactiveCacheInvalidate
import dev.reactivecache.spring.cache.ReactiveCacheable
import java.util.concurrent.atomic.AtomicInteger
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.reactor.awaitSingle
import kotlinx.coroutines.reactor.mono
import kotlinx.coroutines.runBlocking
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource
import org.springframework.boot.autoconfigure.AutoConfigurations
import org.springframework.boot.test.context.runner.ApplicationContextRunner
import reactor.core.publisher.Mono

/** The library's own annotations in Kotlin, on functions that return a `Mono`, and what is refused. */
class ReactiveCacheableTest {
    open class Catalog {
        val asked = AtomicInteger()

        @ReactiveCacheable(cache = "names")
        open fun name(id: Long): Mono<String> = mono { "name $id.${askedAgain()}" }

        private suspend fun askedAgain(): Int = Mono.fromSupplier(asked::incrementAndGet).awaitSingle()

        @ReactiveCacheInvalidate(cache = "names")
        open fun delete(id: Long): Mono<Void> = Mono.empty()

        open fun asked() = asked.get()
    }

    open class SuspendingFlow {
        @ReactiveCacheable(cache = "names")
        open suspend fun names(id: Long): Flow<String> = flowOf("$id")
    }

    open class Flowing {
        @ReactiveCacheable(cache = "names")
        open fun names(id: Long): Flow<String> = flowOf("$id")
    }

    private val application =
        ApplicationContextRunner()
            .withConfiguration(
                AutoConfigurations.of(
                    ReactiveCacheAutoConfiguration::class.java,
                    ReactiveCacheAnnotationsAutoConfiguration::class.java,
                ),
            )
            .withPropertyValues(
                "reactive-cache.caches.names.key-type=Long",
                "reactive-cache.caches.names.value-type=String",
            )

    @Test
    fun `a function that returns a Mono may be a coroutine`() {
        application.withBean(Catalog::class.java).run { context ->
            val catalog = context.getBean(Catalog::class.java)
            runBlocking {
                val first = catalog.name(1).awaitSingle()

                assertThat(catalog.name(1).awaitSingle()).isEqualTo(first)
                catalog.delete(1).then(catalog.name(1)).awaitSingle()
            }
            assertThat(catalog.asked()).isEqualTo(2)
        }
    }

    @ParameterizedTest
    @ValueSource(classes = [SuspendingFlow::class, Flowing::class])
    fun `functions that return a Flow fail the start`(service: Class<*>) {
        application.withBean(service).run { context ->
            assertThat(context.startupFailure)
                .rootCause()
                .hasMessageContaining(service.simpleName)
                .hasMessageContaining("must return a Mono or a Flux to be cached, or suspend")
                .hasMessageContaining("it returns kotlinx.coroutines.flow.Flow")
        }
    }
}
