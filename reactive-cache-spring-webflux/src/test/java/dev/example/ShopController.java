package dev.example;

import dev.reactivecache.ReactiveCache;
import java.math.BigDecimal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** What goes through annotations, and a page whose response is cached as a whole. */
@RestController
class ShopController {
    private final Catalog catalog;
    private final PriceList prices;
    private final ReactiveCache<String, BigDecimal> knownPrices;
    private final ProductRepository repository;

    ShopController(
            Catalog catalog,
            PriceList prices,
            ReactiveCache<String, BigDecimal> knownPrices,
            ProductRepository repository) {
        this.catalog = catalog;
        this.prices = prices;
        this.knownPrices = knownPrices;
        this.repository = repository;
    }

    @GetMapping("/catalog/{id}")
    Mono<Product> product(@PathVariable long id) {
        return catalog.find(id);
    }

    @PutMapping("/catalog/{id}")
    Mono<Product> save(@RequestBody Product product) {
        return catalog.save(product);
    }

    @GetMapping("/prices/{article}")
    Mono<BigDecimal> price(@PathVariable String article) {
        return prices.find(article);
    }

    /** Never reads where prices come from. */
    @GetMapping("/prices/{article}/known")
    Mono<BigDecimal> knownPrice(@PathVariable String article) {
        return knownPrices.get(article);
    }

    @PutMapping("/prices/{article}")
    Mono<Void> change(@PathVariable String article, @RequestBody BigDecimal price) {
        return prices.change(article, price);
    }

    @GetMapping("/pages/{id}")
    Mono<String> page(@PathVariable long id) {
        return repository.findById(id).map(product -> "<h1>" + product.name() + "</h1>");
    }

    @PutMapping("/pages/{id}")
    Mono<Void> rename(@PathVariable long id, @RequestBody String name) {
        return repository.save(new Product(id, name, false)).then();
    }
}
