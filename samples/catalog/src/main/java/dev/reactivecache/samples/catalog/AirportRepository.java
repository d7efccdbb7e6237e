package dev.reactivecache.samples.catalog;

import dev.reactivecache.samples.catalog.Database.QueryRunner;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Airports in the database. Knows nothing of caches. */
@Repository
class AirportRepository {
    static final int SEARCH_LIMIT = 20;

    private static final String FIND = "select * from airport where id = :id";
    private static final String SEARCH = """
            select * from airport
            where lower(name) like :text or lower(municipality) like :text
               or lower(ident) = :code or lower(iata) = :code
            order by size, name limit %d""".formatted(SEARCH_LIMIT);
    private static final String FIND_ALL = "select * from airport where id in (:ids)";
    private static final String LARGEST =
            "select id from airport order by size, id limit :count"; // 'large' comes first
    private static final String INSERT = """
            insert into airport
              (id, ident, iata, size, name, municipality, country, latitude, longitude, elevation_ft)
            values
              (:id, :ident, :iata, :size, :name, :municipality, :country, :latitude, :longitude, :elevationFt)""";
    private static final String UPDATE = """
            update airport set
              ident = :ident, iata = :iata, size = :size, name = :name, municipality = :municipality,
              country = :country, latitude = :latitude, longitude = :longitude, elevation_ft = :elevationFt
            where id = :id""";
    private static final String DELETE = "delete from airport where id = :id";

    private final DatabaseClient database;
    private final QueryRunner queries;

    AirportRepository(DatabaseClient database, QueryRunner queries) {
        this.database = database;
        this.queries = queries;
    }

    /** The airport, or empty. */
    Mono<Airport> findById(long id) {
        return queries.run(
                database.sql(FIND).bind("id", id).mapProperties(Airport.class).one());
    }

    /** Those of the airports that there are. */
    Mono<Map<Long, Airport>> findAllById(Set<Long> ids) {
        return queries.run(database.sql(FIND_ALL)
                .bind("ids", ids)
                .mapProperties(Airport.class)
                .all()
                .collectMap(Airport::id));
    }

    /** The numbers of the largest airports. */
    Flux<Long> largest(int count) {
        return database.sql(LARGEST).bind("count", count).mapValue(Long.class).all();
    }

    /** Airports whose name or town contains the text, or whose code it is; the large ones first. */
    Mono<List<Airport>> search(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        String pattern = "%" + lower.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%";
        return queries.run(database.sql(SEARCH)
                .bind("text", pattern)
                .bind("code", lower)
                .mapProperties(Airport.class)
                .all()
                .collectList());
    }

    /** Inserts or replaces. */
    Mono<Airport> save(Airport airport) {
        Mono<Long> update = execute(UPDATE, airport);
        Mono<Long> insert = execute(INSERT, airport).onErrorResume(DuplicateKeyException.class, late -> update);
        return queries.run(update.filter(rows -> rows > 0).switchIfEmpty(insert).thenReturn(airport));
    }

    /** Deletes, if it is there. */
    Mono<Void> deleteById(long id) {
        return queries.run(database.sql(DELETE).bind("id", id).then());
    }

    private Mono<Long> execute(String sql, Airport airport) {
        return database.sql(sql).bindProperties(airport).fetch().rowsUpdated();
    }
}
