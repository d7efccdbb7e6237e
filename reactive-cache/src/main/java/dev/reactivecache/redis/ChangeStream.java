package dev.reactivecache.redis;

import dev.reactivecache.remote.Epoch;
import dev.reactivecache.remote.RemoteTierException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;

/**
 * Every change of our keys, made by anyone, and the epoch that shows whether any may have been missed. Redis sends a
 * notification once and forgets it (Redis documentation: Redis keyspace notifications). So a lost connection ends the
 * epoch; a stalled one is silent, and is asked three times in every staleness bound whether it is alive; and that the
 * server notifies at all is proved by a change made for that purpose, at the start and now and then.
 */
final class ChangeStream implements ChangeConnection.Owner {
    private static final int QUESTIONS_PER_BOUND = 3;
    private static final int UNANSWERED_LIMIT = 2 * QUESTIONS_PER_BOUND;
    private static final Duration RETRY_DELAY = Duration.ofSeconds(2);
    private static final Duration PROBE_PERIOD = Duration.ofSeconds(5);
    private static final Duration OWN_PROBE_PERIOD = Duration.ofSeconds(30);

    private final RedisConnector connector;
    private final CommandLink link;
    private final RedisSettings settings;
    private final TierStatus status;
    private final FillNotes notes;
    private final FlushGuard guard;
    private final SourceChoice choice;
    private final ChangeListener listener;
    private final Owner owner;
    private final CurrentEpoch epoch;
    private final Disposable.Swap opening = Disposables.swap();
    private final Disposable.Swap proving = Disposables.swap();
    private final Disposable.Swap beating = Disposables.swap();
    private volatile @Nullable ChangeConnection current;
    private volatile @Nullable ChangeConnection lost; // and not subscribed anew yet
    private volatile long provedAtNanos;

    /** Follows the stream, in order with the changes. */
    interface Owner {
        /** Changes may have been missed. */
        void onGap(String reason);

        /**
         * Redis was proved to announce changes; after this call memory may answer.
         *
         * @param anew whether this was unknown just before
         */
        void onProved(boolean anew);

        /** Redis has other data than before, which may lack what was changed. */
        void onReplaced();
    }

    ChangeStream(
            RedisConnector connector,
            CommandLink link,
            RedisSettings settings,
            TierStatus status,
            FillNotes notes,
            ChangeListener listener,
            Owner owner) {
        this.connector = connector;
        this.link = link;
        this.settings = settings;
        this.status = status;
        this.notes = notes;
        this.guard = new FlushGuard(link, settings);
        this.choice = new SourceChoice(settings);
        this.listener = listener;
        this.owner = owner;
        this.epoch = new CurrentEpoch(settings.stalenessBound());
    }

    /** Connects and subscribes in the background, and keeps at it. */
    void open() {
        connect();
        Duration interval = settings.stalenessBound().dividedBy(QUESTIONS_PER_BOUND);
        beating.update(Mono.delay(interval, settings.timer().scheduler())
                .doOnNext(tick -> beat())
                .repeat()
                .subscribe());
    }

    /** The epoch that now is. */
    Epoch epoch() {
        return epoch.now();
    }

    /** How long ago the stream was last known to be alive, or null if it is not live. */
    @Nullable
    Duration silence() {
        Epoch now = epoch.now();
        return now.isLive() ? Duration.ofNanos(now.silentNanos(settings.timer().now())) : null;
    }

    private void connect() {
        opening.update(connector.subscriptions().subscribe(this::subscribe, this::onTrouble));
    }

    private void subscribe(StatefulRedisPubSubConnection<byte[], byte[]> connection) {
        ChangeConnection opened = choice.listenOn(connection, notes, this, listener);
        current = opened;
        if (status.isClosed()) {
            opened.close().subscribe();
            return;
        }
        opened.begin().subscribe(null, failure -> onNotSubscribed(opened, failure));
    }

    private void onNotSubscribed(ChangeConnection source, Throwable failure) {
        if (source == current) {
            onUnproved(source, failure instanceof RedisCommandExecutionException ? source.refused(failure) : failure);
        }
    }

    @Override
    public void onSubscribed(ChangeConnection source) {
        lost = null;
        proveAfter(Duration.ZERO, source);
    }

    private void proveAfter(Duration delay, ChangeConnection source) {
        Mono<Void> proof = Mono.defer(() -> source.isSubscribed() ? prove(source) : renew(source));
        Mono<Void> next = delay.isZero()
                ? proof
                : Mono.delay(delay, settings.timer().scheduler()).then(proof);
        Attempt attempt = new Attempt(source);
        proving.update(attempt); // before it starts: it may end at once, and have another follow it
        next.subscribe(attempt);
    }

    /** One attempt to prove that Redis announces changes. The next one ends it. */
    private final class Attempt extends BaseSubscriber<Void> {
        private final ChangeConnection source;

        Attempt(ChangeConnection source) {
            this.source = source;
        }

        @Override
        protected void hookOnError(Throwable failure) {
            onUnproved(source, failure);
        }
    }

    private Mono<Void> prove(ChangeConnection source) {
        return link.requireOneMaster()
                .then(source.requireTelling(link, guard.remove()))
                .doOnNext(this::onChecked)
                .then(source.requireServerOf(link, settings.readTimeout()))
                .then(Mono.defer(() -> status.isLive() ? Mono.empty() : RightsCheck.run(link, settings)))
                .then(leaveReplacedData(source)
                        .onErrorComplete(ChangeStream::isPassing)) // known before anything is kept
                .then(Mono.defer(() -> probe(source)))
                .onErrorMap(TimeoutException.class, silence -> source.unproved())
                .doOnSuccess(proved -> proveAfter(PROBE_PERIOD, source));
    }

    /** Whether it may go as it came, and is noticed elsewhere. */
    private static boolean isPassing(Throwable failure) {
        return !(failure instanceof RedisConfigurationException);
    }

    /**
     * Flags that had to be added were missing for a while. The others see by the guard that they were; so may we, but
     * later.
     */
    private void onChecked(boolean added) {
        if (added) {
            endEpoch("Redis had been set not to announce changes");
        }
    }

    /**
     * Sends a probe; unless all is well, and a probe of any node was heard lately, which proves the same. Now and then
     * it is sent all the same: a replica announces others' probes, too, and refuses ours.
     */
    private Mono<Void> probe(ChangeConnection source) {
        boolean provedHere = settings.timer().now() - provedAtNanos < OWN_PROBE_PERIOD.toNanos();
        boolean proved = epoch.now().isLive() && provedHere && source.heardProbeWithin(PROBE_PERIOD.dividedBy(2));
        return proved ? Mono.empty() : source.probe(link, settings.writeTimeout());
    }

    /**
     * Of a subscription that was not acknowledged in full Lettuce never renews the rest; and of one that it cannot
     * reconnect it does not say why, which a new one does.
     */
    private Mono<Void> renew(ChangeConnection source) {
        return Mono.fromRunnable(() -> {
            if (source == current) {
                replace(source);
            }
        });
    }

    private void replace(ChangeConnection source) {
        current = null;
        source.close().subscribe();
        connect();
    }

    @Override
    public void onProved(ChangeConnection source, long sentAtNanos) {
        if (source == current) {
            provedAtNanos = sentAtNanos;
            choice.proved();
            epoch.now().heard(sentAtNanos);
            owner.onProved(!status.isLive());
            epoch.begin(sentAtNanos);
            status.live();
        }
    }

    private void onUnproved(ChangeConnection source, Throwable failure) {
        endEpoch("Redis was not proved to announce changes");
        if (source == current && !status.isClosed() && choice.leaves(source, failure)) {
            replace(source);
            return;
        }
        onTrouble(
                choice.isUndecided(source, failure)
                        ? new RemoteTierException(
                                settings.about("it did not announce a change made to try it, and is tried again"),
                                failure)
                        : failure);
        if (source == current && !status.isClosed()) {
            proveAfter(RETRY_DELAY, source);
        }
    }

    @Override
    public void onLost(ChangeConnection source, String reason) {
        if (source == current) {
            endEpoch(reason);
            onTrouble(new RemoteTierException(settings.about(reason), null));
            if (lost != source) { // else each vain attempt of Lettuce's to reconnect it would put ours off
                lost = source;
                proveAfter(RETRY_DELAY, source); // at the latest; earlier if it is subscribed anew
            }
        }
    }

    /** Of another database, perhaps: the guard knows. */
    @Override
    public void onFlushed(ChangeConnection source) {
        if (source == current) {
            endEpoch("all keys may have been deleted");
            proveAfter(Duration.ZERO, source);
        }
    }

    @Override
    public void onAlive(ChangeConnection source, long sentAtNanos) {
        if (source == current) {
            epoch.now().heard(sentAtNanos);
        }
    }

    private void beat() {
        ChangeConnection asked = current;
        leaveReplacedData(asked).subscribe(left -> proveAfter(Duration.ZERO, left), unreachable -> {});
        link.refreshClock().subscribe(null, failure -> onMisled(asked, failure));
        link.askSentinels().subscribe(null, failure -> onMisled(asked, failure));
        if (asked == null || !asked.isOpen()) {
            return;
        }
        if (asked.unanswered() >= UNANSWERED_LIMIT) {
            onLost(asked, "the connection to Redis has gone silent");
            replace(asked);
        } else {
            asked.ping();
            asked.requireServerOf(link, settings.readTimeout()).subscribe(null, failure -> onMisled(asked, failure));
        }
    }

    /** Ends the epoch if Redis has other data than before; emits the stream that is to be proved anew then. */
    private Mono<ChangeConnection> leaveReplacedData(@Nullable ChangeConnection source) {
        return guard.look().flatMap(another -> {
            if (!another || source == null || source != current) {
                return Mono.empty();
            }
            endEpoch("the data of Redis was flushed or replaced");
            owner.onReplaced();
            return Mono.just(source);
        });
    }

    /** The server is not the master any more. What else keeps it from answering shows elsewhere. */
    private void onMisled(@Nullable ChangeConnection source, Throwable failure) {
        if (failure instanceof NotMasterException && source != null && source == current) {
            onLost(source, String.valueOf(failure.getMessage()));
            replace(source);
        }
    }

    private void endEpoch(String reason) {
        if (epoch.end()) {
            owner.onGap(reason);
        }
    }

    private void onTrouble(Throwable failure) {
        if (!status.isClosed()) {
            status.failed(
                    failure instanceof RemoteTierException known
                            ? known
                            : new RemoteTierException(
                                    settings.about("the stream of changes failed: " + failure.getMessage()), failure));
        }
    }

    Mono<Void> close() {
        return Mono.defer(() -> {
            beating.dispose();
            opening.dispose();
            proving.dispose();
            endEpoch("the tier is closed");
            ChangeConnection last = current;
            current = null;
            return last == null ? Mono.empty() : last.close();
        });
    }
}
