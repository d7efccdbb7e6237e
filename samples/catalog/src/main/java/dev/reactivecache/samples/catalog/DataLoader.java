package dev.reactivecache.samples.catalog;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.R2dbcType;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Fills an empty database before the service takes requests. Leaves one with airports as it is. */
@Component
class DataLoader implements SmartInitializingSingleton {
    private static final int BATCH = 500;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static final String SCHEMA = """
            create table if not exists airport (
              id bigint primary key,
              ident varchar(8) not null,
              iata varchar(3),
              size varchar(8) not null,
              name varchar(200) not null,
              municipality varchar(200),
              country varchar(2) not null,
              latitude double precision not null,
              longitude double precision not null,
              elevation_ft integer)""";
    private static final String COUNT = "select count(*) from airport";
    private static final String INSERT = """
            insert into airport
              (id, ident, iata, size, name, municipality, country, latitude, longitude, elevation_ft)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)""";

    private final DatabaseClient database;
    private final TransactionalOperator transactions;

    DataLoader(DatabaseClient database, TransactionalOperator transactions) {
        this.database = database;
        this.transactions = transactions;
    }

    /** Blocks the starting thread, which is no event loop. */
    @Override
    public void afterSingletonsInstantiated() {
        load().block(LIMIT);
    }

    private Mono<Void> load() {
        Mono<Long> count = database.sql(COUNT).mapValue(Long.class).one();
        return database.sql(SCHEMA)
                .then()
                .then(count)
                .filter(rows -> rows == 0)
                .flatMap(none -> insertAll().as(transactions::transactional));
    }

    private Mono<Void> insertAll() {
        return Flux.fromIterable(AirportData.read())
                .buffer(BATCH)
                .concatMap(batch -> database.inConnection(connection -> insert(connection, batch)))
                .then();
    }

    private static Mono<Void> insert(Connection connection, List<Airport> airports) {
        Statement statement = connection.createStatement(INSERT);
        for (int i = 0; i < airports.size(); i++) {
            if (i > 0) {
                statement.add();
            }
            bind(statement, airports.get(i));
        }
        return Flux.from(statement.execute()).flatMap(Result::getRowsUpdated).then();
    }

    private static void bind(Statement statement, Airport airport) {
        statement
                .bind(0, airport.id())
                .bind(1, airport.ident())
                .bind(2, nullable(R2dbcType.VARCHAR, airport.iata()))
                .bind(3, airport.size())
                .bind(4, airport.name())
                .bind(5, nullable(R2dbcType.VARCHAR, airport.municipality()))
                .bind(6, airport.country())
                .bind(7, airport.latitude())
                .bind(8, airport.longitude())
                .bind(9, nullable(R2dbcType.INTEGER, airport.elevationFt()));
    }

    private static Object nullable(R2dbcType type, @Nullable Object value) {
        return value == null ? Parameters.in(type) : Parameters.in(type, value);
    }
}
