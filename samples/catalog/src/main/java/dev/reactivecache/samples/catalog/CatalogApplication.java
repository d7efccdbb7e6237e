package dev.reactivecache.samples.catalog;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

/** The service alone: {@code reactive-cache.redis.uri} and {@code catalog.database-url} say what it works with. */
@SpringBootApplication
@EnableConfigurationProperties(CatalogProperties.class)
public class CatalogApplication {

    /** Starts it. */
    public static void main(String[] args) {
        SpringApplication.run(CatalogApplication.class, args);
    }
}
