package dev.reactivecache.fake;

import dev.reactivecache.remote.Mark;
import dev.reactivecache.remote.NewValue;
import dev.reactivecache.remote.RemoteState;
import dev.reactivecache.remote.Windows;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one key of a {@link FakeServer} is. All times are the test's, in nanoseconds. */
sealed interface FakeSlot {
    /** Who may fill a key, until when, and how many refreshes of it have failed; nobody may while it rests. */
    record Hold(long token, long until, int failures) {
        static final Hold NOBODY = new Hold(0, 0, 0);

        boolean isBy(long asker) {
            return token != 0 && token == asker;
        }

        boolean isByOther(long asker, long now) {
            return token != 0 && token != asker && until > now;
        }

        long restNanos(long now) {
            return token == 0 ? Math.max(0, until - now) : 0;
        }
    }

    /** When nothing is left of it. */
    long ends();

    /** What a reader is told. */
    RemoteState state(long now, boolean withPayload);

    /** A value, or the knowledge that there is none. */
    record Stored(
            byte @Nullable [] payload,
            long stamp,
            long storedAt,
            long freshUntil,
            Windows windows,
            long loadNanos,
            @Nullable Mark mark,
            Hold hold)
            implements FakeSlot {

        static Stored of(NewValue value, long stamp, long now) {
            byte[] payload = value.payload();
            return new Stored(
                    payload,
                    stamp,
                    now,
                    now + value.ttl().toNanos(),
                    payload == null ? Windows.NONE : value.windows(),
                    value.loadTime().toNanos(),
                    value.mark(),
                    Hold.NOBODY);
        }

        Stored held(Hold by) {
            return new Stored(payload, stamp, storedAt, freshUntil, windows, loadNanos, mark, by);
        }

        Stored extended(long now, Duration ttl, Windows anew, Duration loadTime) {
            long fresh = now + ttl.toNanos();
            return new Stored(payload, stamp, now, fresh, anew, loadTime.toNanos(), mark, Hold.NOBODY);
        }

        Stored freshUntil(long end) {
            return new Stored(payload, stamp, storedAt, end, windows, loadNanos, mark, hold);
        }

        @Override
        public long ends() {
            long kept = freshUntil + windows.longest().toNanos();
            return hold.token() == 0 ? kept : Math.max(kept, hold.until());
        }

        RemoteState.Remaining remaining(long now) {
            long fresh = freshUntil - now;
            return new RemoteState.Remaining(
                    fresh,
                    fresh + windows.revalidate().toNanos(),
                    fresh + windows.error().toNanos());
        }

        boolean isServable(long now) {
            return remaining(now).servedNanos() > 0;
        }

        @Override
        public RemoteState state(long now, boolean withPayload) {
            return isServable(now)
                    ? new RemoteState.Value(
                            payload != null && withPayload ? ByteBuffer.wrap(payload) : null,
                            payload == null,
                            stamp,
                            now - storedAt,
                            remaining(now),
                            loadNanos,
                            hold.restNanos(now),
                            withPayload ? mark : null)
                    : new RemoteState.Missing();
        }
    }

    /** Nothing, which somebody may fill. */
    record Leased(Hold hold) implements FakeSlot {
        @Override
        public long ends() {
            return hold.until();
        }

        @Override
        public RemoteState state(long now, boolean withPayload) {
            return new RemoteState.Loading(hold.until() - now);
        }
    }

    /** Nothing, while some write. */
    record Writing(Set<Long> tokens, boolean overlapped, long until) implements FakeSlot {
        /** One more begins, before which there was this. */
        static Writing begun(@Nullable FakeSlot before, long token, long until) {
            Set<Long> tokens = new HashSet<>(Set.of(token));
            if (before instanceof Writing others) {
                tokens.addAll(others.tokens());
            }
            return new Writing(tokens, before instanceof Writing, until);
        }

        Writing touched() {
            return new Writing(tokens, true, until);
        }

        @Override
        public long ends() {
            return until;
        }

        @Override
        public RemoteState state(long now, boolean withPayload) {
            return new RemoteState.Writing();
        }
    }

    /** Bytes of a format that is not ours. */
    record Alien() implements FakeSlot {
        @Override
        public long ends() {
            return Long.MAX_VALUE;
        }

        @Override
        public RemoteState state(long now, boolean withPayload) {
            return new RemoteState.Foreign();
        }
    }
}
