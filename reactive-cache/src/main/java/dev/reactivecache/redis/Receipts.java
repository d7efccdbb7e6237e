package dev.reactivecache.redis;

import static dev.reactivecache.redis.WireFormat.hex;

import dev.reactivecache.internal.entry.Tokens;
import dev.reactivecache.remote.RemoteTierException;
import dev.reactivecache.remote.Spread;
import io.lettuce.core.ScriptOutputType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.publisher.Sinks.EmitFailureHandler;

/**
 * Asks all nodes whether they have applied a change, and answers when others ask. The question is a ticket: a key that
 * is made and deleted after the change, in the same slot, so that every node's stream announces it right behind the
 * change. A node that hears of the ticket has applied the change, and publishes so on the asker's channel.
 */
final class Receipts {
    private static final int ID_LENGTH = 16;
    private static final Pattern ANSWER = Pattern.compile("[0-9a-f]{" + 2 * ID_LENGTH + "}");

    private final Masters masters;
    private final RedisSettings settings;
    private final Presence presence;
    private final Predicate<String> wasOpenHere;
    private final String node;
    private final ConcurrentMap<String, Sinks.Many<String>> open = new ConcurrentHashMap<>();

    /**
     * Creates one.
     *
     * @param wasOpenHere whether a cache is open here, or has been: after closing there are no copies, and questions
     *     may still come
     */
    Receipts(Masters masters, RedisSettings settings, Presence presence, Predicate<String> wasOpenHere) {
        this.masters = masters;
        this.settings = settings;
        this.presence = presence;
        this.wasOpenHere = wasOpenHere;
        this.node = new String(masters.node(), StandardCharsets.US_ASCII);
    }

    /**
     * Asks about all changes of an entry that Redis has acknowledged before; completes when all nodes have answered.
     */
    Flux<Spread> ask(String cache, byte[] entry) {
        return Flux.defer(() -> {
            String id = new String(hex(Tokens.next()), StandardCharsets.US_ASCII);
            Sinks.Many<String> answers = Sinks.many().unicast().onBackpressureBuffer();
            open.put(id, answers);
            byte[] ticket = settings.keys().ticketKey(node, id, cache, entry);
            Mono<Set<String>> nodes =
                    presence.of(cache); // a node that was there when the change was made is in it, or has gone
            Mono<Long> asked =
                    masters.run(settings.writeTimeout(), Script.INVALIDATE, ScriptOutputType.INTEGER, ticket);
            return Mono.zip(nodes, asked)
                    .flatMapMany(both -> count(both.getT1(), answers.asFlux()))
                    .doFinally(end -> open.remove(id));
        });
    }

    private Flux<Spread> count(Set<String> nodes, Flux<String> answers) {
        if (!nodes.contains(node)) { // the set was lost: others may be missing, too
            return Flux.error(new RemoteTierException(
                    "Redis at " + masters.server() + ": it does not know which nodes there are", null));
        }
        return answers.filter(nodes::contains)
                .distinct()
                .scan(0, (count, answer) -> count + 1)
                .map(count -> new Spread(count, nodes.size()))
                .takeUntil(Spread::isComplete);
    }

    /** The answer that a message on this node's channel is, or null if it is none. */
    static ReceiptWord.@Nullable Answer answer(byte[] message) {
        String text = new String(message, StandardCharsets.US_ASCII);
        return ANSWER.matcher(text).matches()
                ? new ReceiptWord.Answer(text.substring(0, ID_LENGTH), text.substring(ID_LENGTH))
                : null;
    }

    /** Takes what was heard. All changes from before it have been applied here. */
    void hear(ReceiptWord word) {
        if (word instanceof ReceiptWord.Answer answer) {
            count(answer);
        } else if (word instanceof ReceiptWord.Ticket ticket && wasOpenHere.test(ticket.cache())) {
            answer(ticket);
        }
    }

    private void count(ReceiptWord.Answer answer) {
        Sinks.Many<String> waiting = open.get(answer.id());
        if (waiting != null) {
            waiting.emitNext(answer.node(), EmitFailureHandler.busyLooping(Duration.ofSeconds(1)));
        }
    }

    private void answer(ReceiptWord.Ticket ticket) {
        byte[] channel = settings.keys().receiptsChannel(ticket.asker());
        byte[] text = (ticket.id() + node).getBytes(StandardCharsets.US_ASCII);
        masters.send(channel, settings.writeTimeout(), commands -> commands.publish(channel, text))
                .subscribe(null, unreachable -> {}); // the asker counts the answers
    }
}
