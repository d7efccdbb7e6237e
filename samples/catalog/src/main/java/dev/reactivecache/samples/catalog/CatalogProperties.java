package dev.reactivecache.samples.catalog;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of this sample.
 *
 * @param databaseUrl R2DBC URL of the database: H2 or PostgreSQL
 * @param queryDelay added to each query, so that a database in memory is as far away as one across a network
 * @param localSize airports that one node keeps in memory
 * @param warm how many of the largest airports a node reads when it has started, before anybody asks for them
 */
@ConfigurationProperties("catalog")
record CatalogProperties(
        @DefaultValue("r2dbc:h2:mem:///catalog?options=DB_CLOSE_DELAY=-1;DB_CLOSE_ON_EXIT=FALSE")
        String databaseUrl,

        @DefaultValue("0ms") Duration queryDelay,
        @DefaultValue("2000") long localSize,
        @DefaultValue("0") int warm) {}
