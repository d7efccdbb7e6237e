package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.internal.time.TimeSource;
import io.lettuce.core.RedisURI;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.lang.reflect.Proxy;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When a tier stops listening to keyspace notifications, and has keys tracked instead. */
class SourceChoiceTest {
    private static final RedisConfigurationException DOUBT =
            new RedisConfigurationException("nothing was announced", "wait", null, SourceVerdict.DOUBTFUL);
    private static final RedisConfigurationException REFUSAL =
            new RedisConfigurationException("it refuses", "allow it", null, SourceVerdict.REFUSED);

    private final SourceChoice choice = choice(ChangeSource.EVENTS_OR_TRACKING, Deployment.STANDALONE);
    private final ChangeConnection events = listen(choice);

    private static SourceChoice choice(ChangeSource changes, Deployment deployment) {
        return new SourceChoice(new RedisSettings(
                RedisURI.create("redis://localhost"),
                deployment,
                new RedisSettings.Limits(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1)),
                NotificationSetup.LEAVE,
                changes,
                new KeyLayout(""),
                TimeSource.system(),
                0));
    }

    @SuppressWarnings("unchecked")
    private static ChangeConnection listen(SourceChoice choice) {
        return choice.listenOn(
                unused(StatefulRedisPubSubConnection.class),
                new FillNotes(new byte[] {'c'}, 1),
                unused(ChangeConnection.Owner.class),
                unused(ChangeListener.class));
    }

    private static <T> T unused(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> {
            throw new UnsupportedOperationException(method.getName());
        }));
    }

    @Test
    void eventsComeFirst() {
        assertThat(events).isInstanceOf(EventConnection.class);
        assertThat(listen(choice(ChangeSource.TRACKING, Deployment.STANDALONE))).isInstanceOf(TrackingConnection.class);
    }

    @Test
    void aRefusalSuffices() {
        assertThat(choice.leaves(events, REFUSAL)).isTrue();
        assertThat(listen(choice)).isInstanceOf(TrackingConnection.class);
    }

    @Test
    void itTakesThreeDoubtsInARow() {
        assertThat(choice.leaves(events, DOUBT)).isFalse();
        assertThat(choice.leaves(events, DOUBT)).isFalse();
        choice.proved();
        assertThat(choice.leaves(events, DOUBT)).isFalse();
        assertThat(choice.leaves(events, DOUBT)).isFalse();
        assertThat(listen(choice)).isInstanceOf(EventConnection.class);

        assertThat(choice.leaves(events, DOUBT)).isTrue();

        assertThat(listen(choice)).isInstanceOf(TrackingConnection.class);
    }

    @Test
    void aConnectionThatIsLostSaysNothingOfTheServer() {
        for (int i = 0; i < 10; i++) {
            assertThat(choice.leaves(events, new IllegalStateException("lost"))).isFalse();
        }
    }

    @Test
    void whatSaysNothingOfTheSourceIsNoReasonToLeaveIt() {
        for (int i = 0; i < 10; i++) {
            assertThat(choice.leaves(events, new RedisConfigurationException("a right is missing", null)))
                    .isFalse();
        }
    }

    @Test
    void aDoubtIsUndecidedWhereThereIsAnotherSource() {
        SourceChoice cluster = choice(ChangeSource.EVENTS_OR_TRACKING, Deployment.CLUSTER);

        assertThat(choice.isUndecided(events, DOUBT)).isTrue();
        assertThat(choice.isUndecided(events, REFUSAL)).isFalse();
        assertThat(cluster.isUndecided(listen(cluster), DOUBT)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(value = ChangeSource.class, names = "EVENTS_OR_TRACKING", mode = EnumSource.Mode.EXCLUDE)
    void whoHasChosenIsNotOverruled(ChangeSource chosen) {
        SourceChoice fixed = choice(chosen, Deployment.STANDALONE);

        assertThat(fixed.leaves(listen(fixed), REFUSAL)).isFalse();
    }

    @Test
    void aClusterIsNotTracked() {
        SourceChoice cluster = choice(ChangeSource.EVENTS_OR_TRACKING, Deployment.CLUSTER);

        assertThat(cluster.leaves(listen(cluster), REFUSAL)).isFalse();
    }
}
