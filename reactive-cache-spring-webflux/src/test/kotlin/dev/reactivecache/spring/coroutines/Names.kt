package dev.reactivecache.spring.coroutines

import java.util.concurrent.atomic.AtomicInteger
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import org.springframework.cache.annotation.CacheEvict
import org.springframework.cache.annotation.CachePut
import org.springframework.cache.annotation.Cacheable

/** A source of names that counts how often it is asked; a test may hold its replies. */
open class Names {
    private val asked = AtomicInteger()
    private val cancelled = AtomicInteger()
    private val reply = CompletableDeferred<String>()

    @Cacheable("names")
    open suspend fun name(id: Long): String = "name $id.${asked.incrementAndGet()}"

    @Cacheable("names", sync = true)
    open suspend fun nameInSync(id: Long): String = "name $id.${asked.incrementAndGet()}"

    @Cacheable("names", sync = true)
    open suspend fun heldInSync(id: Long): String = held()

    @Cacheable("names")
    open suspend fun held(id: Long): String = held()

    private suspend fun held(): String {
        asked.incrementAndGet()
        try {
            return reply.await()
        } catch (e: kotlin.coroutines.cancellation.CancellationException) {
            cancelled.incrementAndGet()
            throw e
        }
    }

    @Cacheable("names")
    open suspend fun nothing(id: Long): String? = null.also { asked.incrementAndGet() }

    @Cacheable("names", sync = true)
    open suspend fun nothingInSync(id: Long): String? = null.also { asked.incrementAndGet() }

    @Cacheable("names", sync = true)
    open suspend fun failing(id: Long): String {
        asked.incrementAndGet()
        throw IllegalStateException("no name for $id")
    }

    @Cacheable("lists", sync = true)
    open fun manyInSync(id: Long): Flow<String> = flow {
        asked.incrementAndGet()
        emit("a$id")
        emit("b$id")
    }

    @CachePut("names", key = "#id")
    open suspend fun save(id: Long, name: String): String = name

    @CacheEvict("names")
    open suspend fun delete(id: Long) {
    }

    @CacheEvict("names")
    open suspend fun deleteInVain(id: Long): Unit = throw IllegalStateException("$id stays")

    open fun asked(): Int = asked.get()

    open fun cancelled(): Int = cancelled.get()

    open fun reply(name: String) {
        reply.complete(name)
    }
}
