package dev.reactivecache.spring.coroutines

import dev.reactivecache.ReactiveCache
import dev.reactivecache.spring.ReactiveCacheAutoConfiguration
import dev.reactivecache.spring.cache.SpringCacheAutoConfiguration
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.reactor.awaitSingleOrNull
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.assertj.core.api.Assertions.assertThat
import org.awaitility.Awaitility.await
import org.junit.jupiter.api.Test
import org.springframework.boot.autoconfigure.AutoConfigurations
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration
import org.springframework.boot.test.context.runner.ApplicationContextRunner
import org.springframework.cache.annotation.EnableCaching
import org.springframework.context.annotation.Bean
import org.springframework.context.annotation.Configuration

/** Spring's annotations on functions of Kotlin that suspend. */
class SuspendFunctionsTest {
    @Configuration(proxyBeanMethods = false)
    @EnableCaching(proxyTargetClass = true)
    open class Application {
        @Bean
        open fun source() = Names()
    }

    private fun application(test: suspend CoroutineScope.(Names, ReactiveCache<Long, String>) -> Unit) {
        ApplicationContextRunner()
            .withConfiguration(
                AutoConfigurations.of(
                    ReactiveCacheAutoConfiguration::class.java,
                    SpringCacheAutoConfiguration::class.java,
                    CacheAutoConfiguration::class.java,
                ),
            )
            .withUserConfiguration(Application::class.java)
            .withPropertyValues(
                "reactive-cache.caches.names.key-type=Long",
                "reactive-cache.caches.names.value-type=String",
                "reactive-cache.caches.lists.key-type=Long",
                "reactive-cache.caches.lists.value-type=java.util.List<java.lang.String>",
                "reactive-cache.defaults.absent-ttl=1m",
            )
            .run { context ->
                @Suppress("UNCHECKED_CAST")
                val cache = context.getBean("names") as ReactiveCache<Long, String>
                runBlocking { withTimeout(30.seconds) { test(context.getBean(Names::class.java), cache) } }
            }
    }

    @Test
    fun `what was found is not asked for again`() = application { names, cache ->
        val first = names.name(1)

        assertThat(names.name(1)).isEqualTo(first)
        assertThat(names.nameInSync(1)).isEqualTo(first)
        assertThat(names.asked()).isEqualTo(1)
        assertThat(cache.stats().localSize()).isEqualTo(1)
    }

    @Test
    fun `a hundred calls of a cold key in sync ask once`() = application { names, _ ->
        val calls = List(100) { async(Dispatchers.Default) { names.heldInSync(1) } }
        await().until { names.asked() > 0 }
        names.reply("released")

        assertThat(calls.awaitAll()).hasSize(100).containsOnly("released")
        assertThat(names.asked()).isEqualTo(1)
    }

    @Test
    fun `without sync the calls of a cold key may each ask`() = application { names, _ ->
        val calls = List(100) { async(Dispatchers.Default) { names.held(1) } }
        await().until { names.asked() == 100 }
        names.reply("released")

        assertThat(calls.awaitAll()).hasSize(100).containsOnly("released")
        assertThat(names.held(1)).isEqualTo("released")
        assertThat(names.asked()).isEqualTo(100)
    }

    @Test
    fun `null is known absence`() = application { names, cache ->
        assertThat(names.nothing(1)).isNull()
        assertThat(names.nothing(1)).isNull()
        assertThat(names.asked()).isEqualTo(1)
        assertThat(cache.peek(1).awaitSingleOrNull()?.value()).isNull()

        assertThat(names.nothingInSync(2)).isNull()
        assertThat(names.nothingInSync(2)).isNull()
        assertThat(names.asked()).isEqualTo(2)
    }

    @Test
    fun `failures reach the caller as they are and are not kept`() = application { names, _ ->
        repeat(2) {
            val failure = runCatching { names.failing(1) }.exceptionOrNull()

            assertThat(failure).isInstanceOf(IllegalStateException::class.java).hasMessage("no name for 1")
        }
        assertThat(names.asked()).isEqualTo(2)
    }

    @Test
    fun `the last caller who gives up cancels the load`() = application { names, _ ->
        val calls = List(2) { async(Dispatchers.Default) { names.heldInSync(1) } }
        await().until { names.asked() > 0 }

        calls[0].cancelAndJoin()
        assertThat(names.cancelled()).isZero()
        calls[1].cancelAndJoin()

        await().until { names.cancelled() == 1 }
        assertThat(names.asked()).isEqualTo(1)
    }

    @Test
    fun `a flow in sync is kept as a list`() = application { names, _ ->
        assertThat(names.manyInSync(1).toList()).containsExactly("a1", "b1")
        assertThat(names.manyInSync(1).toList()).containsExactly("a1", "b1")

        assertThat(names.asked()).isEqualTo(1)
    }

    @Test
    fun `what a put returns is what is found`() = application { names, cache ->
        names.name(1)

        assertThat(names.save(1, "changed")).isEqualTo("changed")

        assertThat(names.name(1)).isEqualTo("changed")
        assertThat(cache.get(1).awaitSingleOrNull()).isEqualTo("changed")
        assertThat(names.asked()).isEqualTo(1)
    }

    @Test
    fun `what is evicted is asked for again`() = application { names, cache ->
        names.name(1)

        assertThat(runCatching { names.deleteInVain(1) }.exceptionOrNull()).hasMessage("1 stays")
        assertThat(cache.get(1).awaitSingleOrNull()).isNotNull()

        names.delete(1)
        assertThat(cache.get(1).awaitSingleOrNull()).isNull()
        names.name(1)
        assertThat(names.asked()).isEqualTo(2)
    }
}
