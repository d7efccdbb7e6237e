package dev.reactivecache.spring.coroutines

import dev.reactivecache.Cached
import dev.reactivecache.EntryOptions
import dev.reactivecache.Invalidation
import dev.reactivecache.Loaded
import dev.reactivecache.ReactiveCache
import dev.reactivecache.spring.ReactiveCacheAutoConfiguration
import dev.reactivecache.spring.ReactiveCaches
import java.time.Duration
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.reactive.asFlow
import kotlinx.coroutines.reactor.awaitSingle
import kotlinx.coroutines.reactor.awaitSingleOrNull
import kotlinx.coroutines.reactor.mono
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.springframework.boot.autoconfigure.AutoConfigurations
import org.springframework.boot.test.context.runner.ApplicationContextRunner
import org.springframework.context.annotation.Bean
import org.springframework.context.annotation.Configuration
import reactor.core.publisher.Mono

/**
 * The API as Kotlin sees it. Much is shown by the compiler: types here are written out where null may, or may not,
 * come, and a warning fails the build.
 */
class KotlinApiTest {
    data class Product(val id: Long, val name: String)

    class Repository {
        private val rows = ConcurrentHashMap<Long, Product>()
        val reads = AtomicInteger()

        fun find(id: Long): Mono<Product> =
            Mono.fromSupplier { reads.incrementAndGet() }.then(Mono.fromSupplier { rows[id] })

        suspend fun load(id: Long): Product? {
            reads.incrementAndGet()
            yield()
            return rows[id]
        }

        suspend fun save(product: Product): Product {
            yield()
            rows[product.id] = product
            return product
        }
    }

    class Catalog(private val products: ReactiveCache<Long, Product>, private val repository: Repository) {
        suspend fun find(id: Long): Product? = products.getOrFetch(id) { repository.find(it) }.awaitSingleOrNull()

        suspend fun load(id: Long): Product? = products.getOrFetch(id, mono { repository.load(id) }).awaitSingleOrNull()

        suspend fun save(product: Product): Product =
            products.writeThrough(product.id, mono { repository.save(product) }).awaitSingle()
    }

    @Configuration(proxyBeanMethods = false)
    open class Application {
        @Bean
        open fun repository() = Repository()

        @Bean
        open fun products(caches: ReactiveCaches, repository: Repository): ReactiveCache<Long, Product> =
            caches.builder("products", Long::class.javaObjectType, Product::class.java)
                .loader { repository.find(it) }
                .build()

        @Bean
        open fun catalog(products: ReactiveCache<Long, Product>, repository: Repository) = Catalog(products, repository)
    }

    private fun application(test: suspend CoroutineScope.(Catalog, Repository, ReactiveCache<Long, Product>) -> Unit) {
        ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ReactiveCacheAutoConfiguration::class.java))
            .withUserConfiguration(Application::class.java)
            .run { context ->
                val catalog = context.getBean(Catalog::class.java)
                val repository = context.getBean(Repository::class.java)

                @Suppress("UNCHECKED_CAST")
                val products = context.getBean("products") as ReactiveCache<Long, Product>
                runBlocking { withTimeout(30.seconds) { test(catalog, repository, products) } }
            }
    }

    @Test
    fun `a value is awaited, and null is that there is none`() = application { catalog, repository, products ->
        assertThat(catalog.find(1)).isNull()

        val saved: Product = catalog.save(Product(1, "one"))

        assertThat(catalog.find(1)).isEqualTo(saved)
        assertThat(products.getOrFetch(1L).awaitSingle()).isEqualTo(saved)
        assertThat(repository.reads).hasValue(1)
    }

    @Test
    fun `a loader may suspend, and is shared`() = application { catalog, repository, _ ->
        repository.save(Product(2, "two"))

        val found = List(100) { async { catalog.load(2) } }.awaitAll()

        assertThat(found).containsOnly(Product(2, "two"))
        assertThat(repository.reads).hasValue(1)
    }

    @Test
    fun `what may be null says so`() = application { _, _, products ->
        val nobody: Cached<Product> = products.lookup(3L).awaitSingle()
        val value: Product? = nobody.value()
        val peeked: Cached<Product>? = products.peek(3L).awaitSingleOrNull()

        assertThat(value?.name).isNull()
        assertThat(peeked?.value()).isNull()
    }

    @Test
    fun `loaders may say how to store and many keys come as a map`() = application { _, repository, products ->
        val tagged = products.getOrFetchLoaded(4L) { id -> Mono.just(Loaded.of(Product(id, "four")).withTags("even")) }
        assertThat(tagged.awaitSingle().name).isEqualTo("four")
        products.put(6L, Product(6, "six"), EntryOptions.defaults().withTtl(Duration.ofMinutes(1))).awaitSingleOrNull()

        val many: Map<Long, Product> = products.getAll(listOf(4L, 5L, 6L)).awaitSingle()
        assertThat(many.values.map { it.name }).containsExactly("four", "six")

        products.invalidateTag("even").awaitSingleOrNull()
        assertThat(products.get(4L).awaitSingleOrNull()).isNull()
        assertThat(repository.reads).hasValue(0)
    }

    @Test
    fun `changes are a flow, and their kinds are sealed`() = application { _, _, products ->
        val heard = async(start = CoroutineStart.UNDISPATCHED) { products.invalidations().asFlow().first() }
        products.invalidate(7L).awaitSingleOrNull()

        val text =
            when (val change = heard.await()) {
                is Invalidation.KeyInvalidated -> "key ${change.key()}"
                is Invalidation.TagInvalidated -> "tag ${change.tag()}"
                is Invalidation.CacheCleared -> "all"
                is Invalidation.Gap -> "gap: ${change.reason()}"
            }
        assertThat(text).isEqualTo("key 7")
    }
}
