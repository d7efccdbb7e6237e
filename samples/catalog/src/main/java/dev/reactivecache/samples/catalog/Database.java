package dev.reactivecache.samples.catalog;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.r2dbc.connection.R2dbcTransactionManager;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The database, H2 or PostgreSQL by its URL. */
@Configuration(proxyBeanMethods = false)
class Database {
    private static final String H2 = "r2dbc:h2:";
    private static final int CONNECTIONS = 10;

    @Bean
    ConnectionFactory connectionFactory(CatalogProperties catalog) {
        ConnectionFactory direct = ConnectionFactories.get(catalog.databaseUrl());
        return catalog.databaseUrl().startsWith(H2)
                ? direct
                : new ConnectionPool(ConnectionPoolConfiguration.builder(direct)
                        .maxSize(CONNECTIONS)
                        .build());
    }

    @Bean
    DatabaseClient databaseClient(ConnectionFactory connections) {
        return DatabaseClient.create(connections);
    }

    @Bean
    TransactionalOperator transactions(ConnectionFactory connections) {
        return TransactionalOperator.create(new R2dbcTransactionManager(connections));
    }

    @Bean
    QueryRunner queryRunner(CatalogProperties catalog) {
        return new QueryRunner(schedulerFor(catalog.databaseUrl()), catalog.queryDelay());
    }

    /** The driver of H2 works on the thread that subscribes, so that must not be an event loop. */
    private static Scheduler schedulerFor(String url) {
        return url.startsWith(H2) ? Schedulers.boundedElastic() : Schedulers.immediate();
    }

    /** Runs queries where they may run, and as slowly as asked for. */
    record QueryRunner(Scheduler scheduler, Duration delay) {
        <T> Mono<T> run(Mono<T> query) {
            Mono<T> scheduled = query.subscribeOn(scheduler);
            return delay.isZero() ? scheduled : Mono.delay(delay).then(scheduled);
        }
    }
}
