package dev.reactivecache.samples.catalog;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.WarmOptions;
import dev.reactivecache.WarmReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Reads the airports that are likely to be asked for, so that those who ask first after a start find them. The service
 * takes requests meanwhile; what another node has in Redis already is not loaded again.
 */
@Component
class Warmer {
    private static final Logger LOG = LoggerFactory.getLogger(Warmer.class);
    private static final int KEYS_PER_SECOND = 2_000;

    private final ReactiveCache<Long, Airport> airports;
    private final AirportRepository repository;
    private final CatalogProperties catalog;

    Warmer(ReactiveCache<Long, Airport> airports, AirportRepository repository, CatalogProperties catalog) {
        this.airports = airports;
        this.repository = repository;
        this.catalog = catalog;
    }

    @EventListener(ApplicationReadyEvent.class)
    void warm() {
        if (catalog.warm() > 0) {
            airports.warm(
                            repository.largest(catalog.warm()),
                            WarmOptions.defaults().withKeysPerSecond(KEYS_PER_SECOND))
                    .subscribe(Warmer::log, failure -> LOG.warn("the cache was not warmed", failure));
        }
    }

    private static void log(WarmReport report) {
        LOG.info(
                "warmed: {} airports in {} ms, {} absent, {} failed",
                report.found(),
                report.took().toMillis(),
                report.absent(),
                report.failed());
    }
}
