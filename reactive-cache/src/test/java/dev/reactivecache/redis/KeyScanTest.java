package dev.reactivecache.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.remote.RemoteTierException;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.ScanCursor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** How searches of one server's keys share its time. */
class KeyScanTest {
    private static final int STEP = 500;

    private final List<byte[]> server = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();
    private final Queue<Question> open = new ArrayDeque<>();
    private final KeyScan scan = new KeyScan(this::ask);

    /** A step that the server is yet to make. */
    private record Question(int from, Sinks.One<KeyScanCursor<byte[]>> reply) {}

    private Mono<KeyScanCursor<byte[]>> ask(ScanCursor from, byte[] pattern) {
        assertThat(open).as("steps under way").isEmpty();
        Sinks.One<KeyScanCursor<byte[]>> reply = Sinks.one();
        asked.add(from.getCursor() + " " + new String(pattern, UTF_8));
        open.add(new Question(Integer.parseInt(from.getCursor()), reply));
        return reply.asMono();
    }

    private void add(String prefix, int keys) {
        IntStream.range(0, keys).forEach(i -> server.add((prefix + i).getBytes(UTF_8)));
    }

    private void step() {
        Question question = open.remove();
        int to = Math.min(server.size(), question.from() + STEP);
        KeyScanCursor<byte[]> cursor = new KeyScanCursor<>();
        cursor.getKeys().addAll(server.subList(question.from(), to));
        cursor.setCursor(to == server.size() ? "0" : String.valueOf(to));
        cursor.setFinished(to == server.size());
        question.reply().tryEmitValue(cursor).orThrow();
    }

    private void goOn() {
        while (!open.isEmpty()) {
            step();
        }
    }

    private CompletableFuture<List<String>> search(String prefix) {
        return scan.keys(prefix.getBytes(UTF_8))
                .map(key -> new String(key, UTF_8))
                .collectList()
                .toFuture();
    }

    @Test
    void searchesThatComeDuringALookShareTheNextOne() {
        add("a", 600);
        add("b", 600);
        CompletableFuture<List<String>> first = search("a");

        List<CompletableFuture<List<String>>> others = IntStream.range(0, 20)
                .mapToObj(i -> search(i % 2 == 0 ? "a" : "b"))
                .toList();
        goOn();

        assertThat(first).isCompletedWithValueMatching(keys -> keys.size() == 600);
        assertThat(others)
                .allSatisfy(other -> assertThat(other).isCompletedWithValueMatching(keys -> keys.size() == 600));
        assertThat(asked).containsExactly("0 a*", "500 a*", "1000 a*", "0 *", "500 *", "1000 *");
    }

    @Test
    void searchesAskOnlyForWhatTheirKeysBeginWith() {
        add("rc:users:", 1);
        add("rc:users.old:", 1);
        add("rc:orders:", 1);
        search("rc:");
        CompletableFuture<List<String>> users = search("rc:users:");
        CompletableFuture<List<String>> old = search("rc:users.old:");
        goOn();

        assertThat(asked).endsWith("0 rc:users*");
        assertThat(users).isCompletedWithValue(List.of("rc:users:0"));
        assertThat(old).isCompletedWithValue(List.of("rc:users.old:0"));
    }

    @Test
    void charactersOfPatternsStandForThemselves() {
        search("*?[a-z]^\\");

        assertThat(asked).containsExactly("0 \\*\\?\\[a-z\\]\\^\\\\*");
    }

    @Test
    void searchThatTakesNothingHoldsNobodyUp() {
        add("a", 20_000);
        add("b", 10);
        List<String> taken = new ArrayList<>();
        BaseSubscriber<byte[]> slow = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {}

            @Override
            protected void hookOnNext(byte[] key) {
                taken.add(new String(key, UTF_8));
            }
        };
        CompletableFuture<List<String>> quick = search("nothing begins so");
        scan.keys("a".getBytes(UTF_8)).subscribe(slow);
        CompletableFuture<List<String>> other = search("b");

        // when the two share a look, and one of them takes nothing
        goOn();

        // then the other is done, and so are those that come later
        assertThat(quick).isCompletedWithValue(List.of());
        assertThat(other).isCompletedWithValueMatching(keys -> keys.size() == 10);
        CompletableFuture<List<String>> later = search("b");
        goOn();
        assertThat(later).isCompletedWithValueMatching(keys -> keys.size() == 10);
        int steps = asked.size();

        // when it does take
        slow.request(Long.MAX_VALUE);
        goOn();

        // then it goes on from where it was
        assertThat(taken).hasSize(20_000).doesNotHaveDuplicates();
        assertThat(slow.isDisposed()).isTrue();
        assertThat(asked.subList(steps, asked.size()))
                .isNotEmpty()
                .noneMatch(step -> step.startsWith("0 "))
                .allMatch(step -> step.endsWith(" a*"));
    }

    @Test
    void failureEndsTheSearchesOfItsLookAndNoOthers() {
        add("a", 10);
        CompletableFuture<List<String>> first = search("a");
        CompletableFuture<List<String>> second = search("a");

        open.remove()
                .reply()
                .tryEmitError(new RemoteTierException("no answer", null))
                .orThrow();
        goOn();

        assertThat(first).isCompletedExceptionally();
        assertThat(second).isCompletedWithValueMatching(keys -> keys.size() == 10);
    }

    @Test
    void lookThatNobodyWaitsForEnds() {
        add("a", 5_000);
        CompletableFuture<List<String>> first = search("a");
        CompletableFuture<List<String>> second = search("a");
        first.cancel(false);
        second.cancel(false);

        goOn();

        assertThat(asked).hasSize(1);
    }
}
