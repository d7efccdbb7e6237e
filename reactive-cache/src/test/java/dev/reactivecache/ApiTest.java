package dev.reactivecache;

import dev.reactivecache.shared.ApiList;
import org.junit.jupiter.api.Test;

class ApiTest {
    @Test
    void publicApiIsTheOneThatIsNoted() {
        ApiList.verify("reactive-cache", ReactiveCache.class);
    }
}
