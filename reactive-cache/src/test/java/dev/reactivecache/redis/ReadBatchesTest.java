package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.internal.time.TimeSource;
import dev.reactivecache.remote.RemoteState;
import dev.reactivecache.remote.RemoteTierException;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** How reads share commands, with a connection whose every command waits until the test answers it. */
class ReadBatchesTest {
    private static final RemoteTierException LOST = new RemoteTierException("not connected", null);

    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final List<Sent> sent = new ArrayList<>();
    private Supplier<CompletableFuture<Object>> connection = CompletableFuture::new;
    private final ReadBatches reads = new ReadBatches(
            masters(),
            new RedisSettings(
                    RedisURI.create("redis://localhost"),
                    Deployment.STANDALONE,
                    new RedisSettings.Limits(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1)),
                    NotificationSetup.LEAVE,
                    ChangeSource.EVENTS,
                    new KeyLayout(""),
                    TimeSource.of(timer),
                    0));

    /** A command, and what answers it. */
    private record Sent(String command, List<byte[]> names, CompletableFuture<Object> reply) {
        /** Says that Redis has nothing. */
        void answer() {
            reply.complete(
                    command.equals("get")
                            ? null
                            : names.stream().map(KeyValue::empty).toList());
        }
    }

    @SuppressWarnings("unchecked")
    private Masters masters() {
        return proxy(Masters.class, (method, args) -> switch (method) {
            case "slots" -> 1;
            case "slot" -> 0;
            case "serverMillisAt" -> 0L;
            case "server" -> "localhost";
            case "submit" -> submit((Function<RedisClusterAsyncCommands<?, ?>, ?>) args[1]);
            default -> throw new UnsupportedOperationException(method);
        });
    }

    private CompletableFuture<Object> submit(Function<RedisClusterAsyncCommands<?, ?>, ?> command) {
        CompletableFuture<Object> reply = connection.get();
        Object unused = command.apply(proxy(RedisClusterAsyncCommands.class, (method, args) -> {
            byte[][] names = args[0] instanceof byte[][] several ? several : new byte[][] {(byte[]) args[0]};
            sent.add(new Sent(method, Arrays.asList(names), reply));
            return null;
        }));
        return reply;
    }

    private interface Behaviour {
        Object of(String method, Object[] args);
    }

    private static <T> T proxy(Class<T> type, Behaviour behaviour) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, args) -> behaviour.of(method.getName(), args)));
    }

    private Mono<RemoteState> read(int key) {
        return reads.read(("k" + key).getBytes(StandardCharsets.US_ASCII));
    }

    private List<CompletableFuture<RemoteState>> readAll(int from, int to) {
        return IntStream.range(from, to).mapToObj(key -> read(key).toFuture()).toList();
    }

    /** A reader whose code ends in a fatal error. */
    private record Thrower(List<Throwable> failures) implements CoreSubscriber<RemoteState> {
        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(1);
        }

        @Override
        public void onNext(RemoteState state) {
            throw new NoClassDefFoundError("a class of the reader's");
        }

        @Override
        public void onError(Throwable failure) {
            failures.add(failure);
            if (failure instanceof RemoteTierException) {
                throw new NoClassDefFoundError("a class of the reader's");
            }
        }

        @Override
        public void onComplete() {}
    }

    @Test
    void aReaderThatThrowsTakesTheAnswerFromNobodyElse() {
        readAll(0, ReadLane.UNDER_WAY);
        List<Throwable> failures = new ArrayList<>();
        read(4).subscribe(new Thrower(failures));
        List<CompletableFuture<RemoteState>> others = readAll(5, 4 + 2 * ReadLane.LARGEST);
        sent.get(0).answer();

        sent.get(4).answer();

        assertThat(others.subList(0, ReadLane.LARGEST - 1))
                .as("those of its batch")
                .allSatisfy(
                        other -> assertThat(other).isCompletedWithValueMatching(RemoteState.Missing.class::isInstance));
        assertThat(sent).as("the place of its batch is taken by the next").hasSize(6);
        assertThat(failures).hasOnlyElementsOfType(NoClassDefFoundError.class);
    }

    @Test
    void aReaderThatThrowsWhenItsReadFailsKeepsTheFailureFromNobodyElse() {
        readAll(0, ReadLane.UNDER_WAY);
        read(4).subscribe(new Thrower(new ArrayList<>()));
        List<CompletableFuture<RemoteState>> others = readAll(5, 10);
        sent.get(0).answer();

        sent.get(4).reply().completeExceptionally(LOST);

        assertThat(others).allSatisfy(other -> assertThat(other).isCompletedExceptionally());
    }

    @Test
    void aCommandThatCannotEvenBeSentFailsItsReadAndLeavesItsPlace() {
        connection = () -> {
            throw new IllegalStateException("cannot be started once stopped");
        };
        for (int i = 0; i < ReadLane.UNDER_WAY; i++) {
            StepVerifier.create(read(i)).verifyError(RemoteTierException.class);
        }

        connection = CompletableFuture::new;
        readAll(0, 1);

        assertThat(sent).hasSize(1);
    }

    @Test
    void whoIsToldAtOnceThatNobodyIsConnectedMayWaitForAnotherReadBeforeHeGoesOn() {
        connection = () -> CompletableFuture.failedFuture(LOST);
        List<String> ended = new ArrayList<>();

        read(0).onErrorResume(failure -> {
                    read(1).subscribe(state -> {}, other -> ended.add("another read"));
                    ended.add("the first goes on");
                    return Mono.empty();
                })
                .subscribe();

        assertThat(ended).containsExactly("another read", "the first goes on");
    }

    @Test
    void whoReadsOneKeyAfterAnotherDoesNotFillTheStackWhileNobodyIsConnected() {
        CompletableFuture<List<Integer>> keys = Flux.range(0, 20_000)
                .concatMap(key -> read(key).map(state -> key).onErrorResume(failure -> Mono.just(key)))
                .collectList()
                .toFuture();
        connection = () -> CompletableFuture.failedFuture(LOST);

        sent.get(0).answer();

        assertThat(keys).isCompletedWithValueMatching(all -> all.size() == 20_000);
    }

    @Test
    void manyWhoReadOneKeyAfterAnotherDoNotFillTheStackTogetherEither() {
        List<CompletableFuture<Long>> readers = IntStream.range(0, 30_000)
                .mapToObj(key -> read(key).onErrorComplete().repeat(2).count().toFuture())
                .toList();
        connection = () -> CompletableFuture.failedFuture(LOST);

        sent.get(0).reply().completeExceptionally(LOST);

        assertThat(readers.stream().filter(reader -> !reader.isDone()).count())
                .as("readers that wait for ever")
                .isEqualTo(ReadLane.UNDER_WAY - 1);
    }

    @Test
    void aReadThatStoodInLineWhileRedisAnsweredOthersHasItsTimeFromWhenItIsSent() {
        readAll(0, ReadLane.UNDER_WAY);
        CompletableFuture<RemoteState> inLine = read(4).toFuture();
        timer.advanceTimeBy(Duration.ofMillis(900));
        sent.get(0).answer();

        timer.advanceTimeBy(Duration.ofMillis(999));
        assertThat(inLine).isNotDone();
        timer.advanceTimeBy(Duration.ofMillis(2));

        assertThat(inLine).isCompletedExceptionally();
    }

    @Test
    void aReadHasTwiceItsTimeAtMostHoweverLongTheLine() {
        List<CompletableFuture<RemoteState>> all = readAll(0, ReadLane.UNDER_WAY + 8 * ReadLane.LARGEST);
        timer.advanceTimeBy(Duration.ofMillis(900));
        sent.get(0).answer();
        timer.advanceTimeBy(Duration.ofMillis(600));
        sent.get(4).answer();

        timer.advanceTimeBy(Duration.ofMillis(501));

        assertThat(all).allSatisfy(read -> assertThat(read).isDone());
    }

    @Test
    void theLineCountsWhileRedisAnswersNothing() {
        List<CompletableFuture<RemoteState>> all = readAll(0, ReadLane.UNDER_WAY + 8 * ReadLane.LARGEST);

        timer.advanceTimeBy(Duration.ofMillis(1_010));

        assertThat(all).allSatisfy(read -> assertThat(read).isCompletedExceptionally());
    }
}
