package dev.reactivecache.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.redis.RedisConfigurationException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mockito.Mockito;

class RedisConfigurationFailureAnalyzerTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "WRONGPASS invalid username-password pair or user is disabled. | user and the password",
                "NOAUTH HELLO must be called with the client already authenticated | user and the password",
                "ERR invalid password | user and the password",
                "NOPERM this user has no permissions to run the 'evalsha' command | rights that docs/redis.md lists",
                "Redis does not announce changes | notifications=add-missing",
            })
    void adviceIsAboutWhatRedisSaid(String said, String advice) {
        RedisConfigurationException failure = Mockito.mock(RedisConfigurationException.class);
        Mockito.when(failure.getMessage()).thenReturn("Redis cannot be used");
        Mockito.when(failure.getCause()).thenReturn(new IllegalStateException(said));

        var analysis = new RedisConfigurationFailureAnalyzer().analyze(failure, failure);

        assertThat(analysis.getDescription()).isEqualTo("Redis cannot be used");
        assertThat(analysis.getAction()).contains(advice.strip(), "remove reactive-cache.redis.await-ready");
        if (!said.contains("changes")) {
            assertThat(analysis.getAction()).doesNotContain("notifications");
        }
    }
}
