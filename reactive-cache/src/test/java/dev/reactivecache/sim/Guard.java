package dev.reactivecache.sim;

import static dev.reactivecache.sim.Removal.answering;
import static dev.reactivecache.sim.Removal.asIf;
import static dev.reactivecache.sim.Removal.hooked;
import static dev.reactivecache.sim.Removal.inScript;
import static dev.reactivecache.sim.Removal.ofCall;

import dev.reactivecache.redis.RedisHooks;

/**
 * What keeps the promises, each thing once: with any of these gone, some seed must show it. A guard that is not found
 * any more where it was fails the run, so this list moves with the code.
 *
 * <p>Not here, because another guard does the same, are: the renewal of a subscription as a gap, beside its loss as one
 * (each alone suffices, so they go together); the end of an epoch that is left (nothing is heard for it any more); that
 * nothing is kept when the epoch has ended (it would not be answered); the first of the two drops around a change (the
 * second covers it); the token that giving a right back compares, and the stamps by which a script knows that it is
 * sent twice (they save work, not truth). Nor is, because no 2,000 seeds show it, that what was said of generations
 * before an end is not believed after it: {@code TagsTest} does; nor that renewals keep a value that is loaded anew,
 * and that an empty load removes it: {@code RefreshScriptsIT} and {@code RefreshContract} do.
 */
enum Guard {
    FILL_NEEDS_ITS_TOKEN(inScript("fill", "held_by(ARGV[1])", "(value or state == 'L')")),
    EACH_ATTEMPT_HAS_A_TOKEN_OF_ITS_OWN(answering("internal.miss.FillAttempt.<init>", "Tokens.next", 1)),
    PUT_IS_STORED_ONLY_UNTIL_IT_IS_GIVEN_UP(inScript("put", "now > tonumber(ARGV[10])", "false")),
    OVERLAPPING_WRITES_STORE_NOTHING(inScript("end-write", "flag == ZERO", "true")),
    WRITE_STORES_ONLY_WITHIN_ITS_QUARANTINE(inScript("end-write", "begun and ", "")),
    WRITE_SEES_AN_INVALIDATION(inScript("invalidate", "quarantine(open, true)", "quarantine(open, false)")),
    INVALIDATION_KEEPS_QUARANTINES(inScript("invalidate", "if #open > 0 then quarantine(open, true) end", "")),
    NO_RIGHT_TO_FILL_DURING_A_WRITE(inScript("lease", "if state == 'W' and #writers('') > 0 then return 'W' end", "")),
    END_OF_A_WRITE_KEEPS_THE_OTHERS_QUARANTINE(
            inScript("end-write", "if #open > 0 then\n  quarantine(open, true)\n  return 1\nend", "")),
    DELETION_OF_NOTHING_IS_ANNOUNCED(inScript(
            "prelude",
            "if redis.call('DEL', key) == 0 then",
            "if redis.call('DEL', key) == 0 and string.find(key, 'rc::', 1, true) then")),

    ONLY_WHAT_IS_MAPPED_IS_KEPT(answering("internal.local.LocalStore.keep", "LocalStore.isStill", 1)),
    EVENT_DROPS_THE_ENTRY(ofCall("internal.change.RegionEvents.onChange", "LocalStore.drop")),
    EVENT_DROPS_THE_FLIGHT(hooked("internal.local.LocalStore.drop", "ConcurrentMap.remove", "removeEntry")),
    OWN_COPY_GOES_ONCE_A_CHANGE_IS_ACKNOWLEDGED(
            hooked("internal.recovery.Repair.send", "Mono.doOnTerminate", "withoutAction")
                    .and(hooked("internal.recovery.Repair.sendOrKeep", "Mono.doOnTerminate", "withoutAction"))),
    WHAT_IS_PENDING_IS_NOT_READ(answering("internal.miss.TierReads.isVoid", "Repairs.isKeyPending", 0)),
    WHAT_IS_PENDING_IS_SENT_AGAIN(ofCall("internal.recovery.Recovery.onTime", "Recovery.sendDue")
            .and(ofCall("internal.recovery.Recovery.tierBack", "Recovery.sendDue"))),
    WHAT_A_FAILOVER_MAY_HAVE_LOST_IS_REPEATED(
            hooked("internal.recovery.Repairs.tierBack", "Recovery.tierBack", "backWithAll")),
    FAILED_CHANGE_IS_KEPT(hooked("internal.recovery.Repair.notAcknowledged", "Recovery.keep", "keepEndsAlone")),
    NOTHING_DOUBTFUL_IS_KEPT(asIf("internal.miss.LocalCopies.nowhere", "hereOnly")),
    COPY_ENDS_WITH_THE_ENTRY(hooked("internal.policy.Lifetimes.drawLocalNanos", "Math.min", "second")),
    AGE_IS_BY_THE_SERVERS_CLOCK(
            hooked("redis.CommandLink.serverMillisAt", "RedisClock.millisAt", RedisHooks.class, "slow")),
    STAMPS_ARE_COMPARED(answering("internal.miss.RemoteMiss.check", "Value.stamp", 1)
            .and(answering("internal.miss.RemoteMiss.check", "Entry.stamp", 1))),

    ENTRY_IS_OF_THE_EPOCH_IT_WAS_ASKED_IN(hooked("internal.miss.RemoteMiss.read", "Flight.epoch", "currentEpoch")
            .and(hooked("internal.miss.LocalCopies.isLive", "Flight.epoch", "currentEpoch"))
            .and(hooked("internal.miss.LocalCopies.confirmed", "Flight.epoch", "currentEpoch"))
            .and(hooked("internal.miss.LocalCopies.entry", "Flight.epoch", "currentEpoch"))),
    FLIGHT_OF_AN_OLD_EPOCH_IS_LEFT(hooked("internal.read.FlightRead.tryMapped", "Flight.epoch", "currentEpoch")),
    LOAD_IS_SHARED_ONLY_AS_LONG_AS_NEWS_WOULD_HAVE_COME(
            answering("internal.read.FlightRead.tryMapped", "Flight.isSharedAt", 1)),
    LOSS_OF_THE_SUBSCRIPTION_IS_A_GAP(ofCall("redis.EventConnection.subscribed", "Owner.onLost")
            .and(ofCall("redis.EventConnection.onRedisDisconnected", "Owner.onLost"))),
    SILENCE_IS_BOUNDED(hooked("internal.entry.Entry.isSoundAt", "Epoch.answersAt", "isLive")),
    WATERMARK_IS_THE_SENDING_OF_THE_QUESTION(hooked("redis.ChangeStream.onAlive", "Epoch.heard", "hearNow")),
    PROOF_IS_ASKED_FOR_AGAIN(ofCall("redis.ChangeStream.prove", "ChangeStream.proveAfter")),
    WHAT_IS_NOT_PROVED_IS_A_GAP(ofCall("redis.ChangeStream.onUnproved", "ChangeStream.endEpoch")),
    FLAGS_THAT_WERE_MISSING_ARE_A_GAP(hooked("redis.ChangeStream.prove", "FlushGuard.remove", RedisHooks.class, "leave")
            .and(ofCall("redis.ChangeStream.onChecked", "ChangeStream.endEpoch"))),
    OTHER_DATA_ARE_A_GAP(ofCall("redis.ChangeStream.leaveReplacedData", "ChangeStream.endEpoch")),
    SILENT_CONNECTION_IS_REPLACED(answering("redis.ChangeStream.beat", "ChangeConnection.unanswered", 0)),
    NOTE_IS_ABOUT_THE_NEXT_MESSAGE_ONLY(
            hooked("redis.EventConnection.message", "FillNotes.read", RedisHooks.class, "readOrLast")),

    CONTENT_FROM_BEFORE_A_CLEAR_IS_VOID(answering("internal.change.Generations.judged", "Generations.isOfNow", 1)
            .and(answering("internal.change.Generations.asked", "Generations.isOfNow", 1))),
    CONTENT_FROM_BEFORE_ITS_TAGS_END_IS_VOID(answering("internal.change.Generations.judged", "Generation.newest", 0)),
    NUMBERS_OF_ANOTHER_INCARNATION_ARE_NOT_COMPARED(
            answering("internal.change.Generations.isOfNow", "Mark.incarnation", 0)
                    .and(answering("internal.change.Generations.isOfNow", "Generation.incarnation", 0))),
    GENERATION_IS_THAT_FROM_BEFORE_THE_LOAD(hooked("internal.miss.FillAttempt.fill", "Optional.get", "markOfNow")),
    GENERATION_IS_THAT_FROM_BEFORE_THE_WRITE(hooked("internal.write.TierWrites.newValue", "Mark.tagged", "taggedNow")),
    WHAT_WAS_SAID_IS_BELIEVED_ONLY_WHILE_NEWS_COME(
            hooked("internal.change.Generations.believed", "Epoch.answersAt", "isLive")),
    NUMBERS_OF_GENERATIONS_FOLLOW_THE_CLOCK(
            inScript("end-generation", "math.max(newest + 1, clock[1] * 1000000 + clock[2])", "newest + 1")),
    TAGGED_RESULT_FROM_BEFORE_AN_END_IS_NOT_KEPT(answering("internal.local.LocalStore.keep", "LocalStore.isOver", 0)),
    JOINED_FLIGHT_FROM_BEFORE_AN_END_IS_READ_AGAIN(
            answering("internal.read.FlightRead.isFromBefore", "LocalStore.isOver", 0)),
    END_DROPS_WHAT_IS_IN_MEMORY(ofCall("internal.change.Generations.ended", "LocalStore.dropTag")
            .and(ofCall("internal.change.Generations.ended", "LocalStore.clear"))),
    WORD_OF_AN_END_IS_HEEDED(ofCall("internal.change.RegionEvents.onGenerationEnd", "Generations.ended")),
    PENDING_END_COUNTS(answering("internal.recovery.Repairs.isEndPending", "Recovery.isPending", 0)
            .and(answering("internal.recovery.Repairs.isClearPending", "Recovery.isPending", 0))),
    FAILED_END_IS_KEPT(hooked("internal.recovery.Repair.notAcknowledged", "Recovery.keep", "keepKeysAlone")),

    STALE_NEEDS_A_LIVE_EPOCH(answering("internal.read.FlightRead.giveKept", "Entry.isSoundAt", 1)),
    STALE_NEEDS_ITS_GENERATION(hooked("internal.miss.RemoteMiss.ifStands", "Generations.isKnownToStand", "orStale")
            .and(answering("internal.entry.Entry.isSoundAt", "Entry.stands", 1))),
    AGE_IS_LOOKED_AT(hooked("internal.read.AnswerByAge.of", "Ends.at", "alwaysFresh")
            .and(hooked("internal.miss.RemoteMiss.mayAnswer", "Ends.at", "alwaysFresh"))),
    REVALIDATION_HAS_AN_END(hooked("internal.read.AnswerByAge.of", "Ends.at", "revalidatesUntilError")
            .and(hooked("internal.miss.RemoteMiss.mayAnswer", "Ends.at", "revalidatesUntilError"))),
    SERVING_HAS_AN_END(hooked("internal.read.AnswerByAge.of", "Ends.at", "neverOver")
            .and(answering("internal.entry.Entry.isOver", "Entry.usefulUntilNanos", Long.MAX_VALUE / 2))),
    REFRESH_NEEDS_THE_STAMP_IT_KNOWS(
            inScript("lease", "if served and stamp ~= known then return redis.call('GET', key) end\n", "")),
    GRANT_KEEPS_THE_VALUE(inScript("lease", "  outlive(span)\n", "")),
    HELD_VALUE_IS_NOT_DELETED_BY_A_LEASE(inScript(
            "lease",
            "local left =",
            "if value and not served then redis.call('DEL', key) state, value, holder = '', false, NONE end\n"
                    + "local left =")),
    REST_IS_WRITTEN(inScript("release", "rest > 0 and now + rest or 0", "0")),
    REST_IS_READ(
            inScript("lease", "if within and holder == NONE and deadline > now then return 'B' .. left end\n", "")),
    STALE_ANSWER_BEGINS_A_LOAD(ofCall("internal.read.FlightRead.give", "Refreshes.begin")),

    CALLERS_SHARE_A_LOAD(answering("internal.read.FlightRead.tryMapped", "Flight.isDone", 1)),
    LOAD_ENDS_IN_TIME(hooked("internal.load.SourceCalls.limitTime", "Mono.timeout", "withoutTimeout")),
    QUESTION_ENDS_IN_TIME(hooked("redis.CommandLink.send", "Mono.timeout", "withoutTimeout")),
    FAILED_QUESTION_IS_A_MISS(asIf("internal.miss.AskingMono$Asker.goOnWithout", "fail")),
    FAILED_FILL_FAILS_NOBODY(hooked("internal.miss.FillAttempt.fill", "Mono.onErrorResume", "withoutHelp"));

    private final Removal removal;

    Guard(Removal removal) {
        this.removal = removal;
    }

    Removal removal() {
        return removal;
    }
}
