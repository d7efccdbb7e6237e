package dev.reactivecache.spring.coroutines

import dev.reactivecache.spring.ReactiveCacheAutoConfiguration
import dev.reactivecache.spring.cache.ReactiveCacheAnnotationsAutoConfiguration
import dev.reactivecache.spring.cache.ReactiveCacheInvalidate
import dev.reactivecache.spring.cache.ReactiveCacheable
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.assertj.core.api.Assertions.assertThat
import org.awaitility.Awaitility.await
import org.junit.jupiter.api.Test
import org.springframework.boot.autoconfigure.AutoConfigurations
import org.springframework.boot.test.context.runner.ApplicationContextRunner

/** The library's own annotations on functions that suspend. */
class SuspendingCacheableTest {
    open class Catalog {
        private val asked = AtomicInteger()
        private val cancelled = AtomicInteger()
        private val reply = CompletableDeferred<String>()

        @ReactiveCacheable(cache = "names")
        open suspend fun held(id: Long): String {
            asked.incrementAndGet()
            try {
                return reply.await()
            } catch (e: kotlin.coroutines.cancellation.CancellationException) {
                cancelled.incrementAndGet()
                throw e
            }
        }

        @ReactiveCacheable(cache = "names", key = "#id", unless = "#result == #secret")
        open suspend fun choosy(id: Long, secret: String): String = "public".also { asked.incrementAndGet() }

        @ReactiveCacheable(cache = "names")
        open suspend fun nothing(id: Long): String? = null.also { asked.incrementAndGet() }

        @ReactiveCacheable(cache = "names")
        open suspend fun failing(id: Long): String = throw IllegalStateException("no name for $id")

        @ReactiveCacheInvalidate(cache = "names", key = "#id")
        open suspend fun save(id: Long, name: String): String = name

        @ReactiveCacheInvalidate(cache = "names")
        open suspend fun delete(id: Long) {
        }

        open fun asked() = asked.get()

        open fun cancelled() = cancelled.get()

        open fun reply(name: String) = reply.complete(name)
    }

    private fun application(test: suspend CoroutineScope.(Catalog) -> Unit) {
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
                "reactive-cache.caches.names.absent-ttl=1m",
            )
            .withBean(Catalog::class.java)
            .run { context -> runBlocking { withTimeout(20.seconds) { test(context.getBean(Catalog::class.java)) } } }
    }

    @Test
    fun `a hundred calls ask once`() = application { catalog ->
        val calls = List(100) { async(Dispatchers.Default) { catalog.held(1) } }
        await().until { catalog.asked() > 0 }
        catalog.reply("released")

        assertThat(calls.awaitAll()).hasSize(100).containsOnly("released")
        assertThat(catalog.asked()).isEqualTo(1)
    }

    @Test
    fun `the last one who gives up cancels`() = application { catalog ->
        val calls = List(2) { async(Dispatchers.Default) { catalog.held(1) } }
        await().until { catalog.asked() > 0 }
        calls[0].cancelAndJoin()
        assertThat(catalog.cancelled()).isZero()
        calls[1].cancelAndJoin()
        await().until { catalog.cancelled() == 1 }
    }

    @Test
    fun `expressions see arguments and result`() = application { catalog ->
        assertThat(catalog.choosy(1, "public")).isEqualTo("public")
        assertThat(catalog.choosy(1, "other")).isEqualTo("public")
        assertThat(catalog.choosy(1, "other")).isEqualTo("public")
        assertThat(catalog.asked()).isEqualTo(2)
    }

    @Test
    fun `null and failures`() = application { catalog ->
        assertThat(catalog.nothing(1)).isNull()
        assertThat(catalog.nothing(1)).isNull()
        assertThat(catalog.asked()).isEqualTo(1)
        assertThat(runCatching { catalog.failing(2) }.exceptionOrNull()).hasMessage("no name for 2")
    }

    @Test
    fun `invalidation comes after`() = application { catalog ->
        catalog.choosy(1, "x")
        assertThat(catalog.save(1, "a")).isEqualTo("a")
        catalog.choosy(1, "x")
        assertThat(catalog.asked()).isEqualTo(2)
        catalog.delete(1)
        catalog.choosy(1, "x")
        assertThat(catalog.asked()).isEqualTo(3)
    }
}
