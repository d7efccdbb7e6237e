package dev.reactivecache.internal.refresh;

import static dev.reactivecache.internal.refresh.StaleNode.REST;
import static dev.reactivecache.internal.refresh.StaleNode.REVALIDATE;
import static dev.reactivecache.internal.refresh.StaleNode.TTL;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.reactivecache.internal.count.StaleAnswers;
import dev.reactivecache.observe.CacheObserver;
import dev.reactivecache.observe.Outcome;
import dev.reactivecache.observe.RefreshCause;
import dev.reactivecache.observe.StaleReason;
import dev.reactivecache.observe.Watch;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import reactor.util.context.ContextView;

/** That a source is in trouble is seen, though its readers do not notice. */
class SourceTroubleTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Logger logger = (Logger) LoggerFactory.getLogger(StaleAnswers.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
        logger.setLevel(null);
    }

    @Test
    void itsBeginningAndItsEndAreOneLineEachHoweverManyAnswersThereAre() {
        StaleNode node = StaleNode.inMemory(builder -> builder).holding("old", REVALIDATE.plus(SECOND));
        node.read();
        node.source.fail(0, new IOException("away"));
        for (int i = 0; i < 100; i++) {
            node.read();
        }
        assertThat(log.list).hasSize(1);
        assertThat(log.list.get(0).getLevel()).isEqualTo(Level.WARN);
        assertThat(log.list.get(0).getFormattedMessage()).contains("'stale'", "PT21S", "java.io.IOException: away");

        node.advance(Duration.ofSeconds(61));
        node.read();
        node.source.answer(1, "new");

        assertThat(log.list).hasSize(2);
        assertThat(log.list.get(1).getLevel()).isEqualTo(Level.INFO);
    }

    @Test
    void anOldAnswerThatIsLoadedAnewInTimeIsNoTrouble() {
        StaleNode node = StaleNode.inMemory(builder -> builder).holding("old", SECOND);
        node.read();
        node.source.answer(0, "new");

        assertThat(log.list).isEmpty();
        assertThat(node.cache.health().stale()).isNull();
    }

    @Test
    void observersHearWhyAndHowOldAndHowRefreshesEnd() {
        List<String> heard = new ArrayList<>();
        StaleNode node = StaleNode.inMemory(builder -> builder.observer(new Hearing(heard)))
                .holding("old", SECOND);
        heard.clear();

        node.read();
        node.source.fail(0, new IOException("away"));
        node.advance(REVALIDATE.minus(SECOND));
        node.read();
        node.source.fail(1, new IOException("away"));
        node.read();
        node.advance(REST.multipliedBy(2));
        node.read();
        node.source.answer(2, "new");
        node.advance(TTL.plus(SECOND));
        node.read();
        node.source.answerNothing(3);

        assertThat(heard)
                .containsExactly(
                        "REVALIDATION PT1S",
                        "STALE begins",
                        "STALE ERROR",
                        "ERROR PT20S",
                        "BACKOFF PT20S",
                        "REVALIDATION PT1S",
                        "STALE begins",
                        "STALE EMPTY");
    }

    private record Hearing(List<String> heard) implements CacheObserver {
        @Override
        public void onStale(StaleReason reason, Duration staleFor) {
            heard.add(reason + " " + staleFor);
        }

        @Override
        public Watch onRefresh(RefreshCause cause, ContextView context) {
            heard.add(cause + " begins");
            return new Watch() {
                @Override
                public void onEnd(Outcome outcome, Duration took, @Nullable Throwable failure) {
                    heard.add(cause + " " + outcome);
                }
            };
        }
    }
}
