package dev.reactivecache.redis;

import static dev.reactivecache.redis.WireFormat.hex;

import dev.reactivecache.entry.Tokens;
import dev.reactivecache.remote.RemoteTierException;
import dev.reactivecache.remote.Spread;
import io.lettuce.core.ScriptOutputType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.publisher.Sinks.EmitFailureHandler;

/**
 * Asks all nodes whether they have applied a change, and answers when others ask. The question is a ticket: a key that is
 * made and deleted after the change, in the same slot, so that every node's stream tells of it right behind the change.
 * Who hears of the ticket has applied the change, and publishes so on the asker's channel.
 */
final class Receipts {
    private static final int ID_LENGTH = 16;

    private final CommandLink link;
    private final RedisSettings settings;
    private final Presence presence;
    private final Predicate<String> isOpenHere;
    private final String node;
    private final byte[] channel;
    private final ConcurrentMap<String, Sinks.Many<String>> open = new ConcurrentHashMap<>();

    Receipts(CommandLink link, RedisSettings settings, Presence presence, Predicate<String> isOpenHere, byte[] node) {
        this.link = link;
        this.settings = settings;
        this.presence = presence;
        this.isOpenHere = isOpenHere;
        this.node = new String(node, StandardCharsets.US_ASCII);
        this.channel = KeyLayout.receiptsChannel(this.node);
    }

    /** Where this node is answered. */
    byte[] channel() {
        return channel;
    }

    /** Asks about all changes of an entry that Redis has acknowledged before; completes when all nodes have answered. */
    Flux<Spread> ask(String cache, byte[] entry) {
        return Flux.defer(() -> {
            String id = new String(hex(Tokens.next()), StandardCharsets.US_ASCII);
            Sinks.Many<String> answers = Sinks.many().unicast().onBackpressureBuffer();
            open.put(id, answers);
            byte[] ticket = KeyLayout.ticketKey(node, id, cache, entry);
            Mono<Set<String>> nodes =
                    presence.of(cache); // who was there when the change was made is in it, or has gone
            Mono<Long> asked = link.run(Script.INVALIDATE, ScriptOutputType.INTEGER, ticket);
            return Mono.zip(nodes, asked)
                    .flatMapMany(both -> count(both.getT1(), answers.asFlux()))
                    .doFinally(end -> open.remove(id));
        });
    }

    private Flux<Spread> count(Set<String> nodes, Flux<String> answers) {
        if (!nodes.contains(node)) { // the set was lost: others may be missing, too
            return Flux.error(new RemoteTierException(settings.about("it does not know which nodes there are"), null));
        }
        return answers.filter(nodes::contains)
                .distinct()
                .scan(0, (count, answer) -> count + 1)
                .map(count -> new Spread(count, nodes.size()))
                .takeUntil(Spread::isComplete);
    }

    /** Takes a message that is a ticket or an answer; false if it is neither. All messages before it have been applied. */
    boolean take(byte[] on, byte[] message) {
        if (Arrays.equals(on, channel)) {
            onAnswer(new String(message, StandardCharsets.US_ASCII));
            return true;
        }
        KeyLayout.Ticket ticket = KeyLayout.parseTicket(message);
        if (ticket == null) {
            return false;
        }
        if (isOpenHere.test(ticket.cache())) {
            answer(ticket);
        }
        return true;
    }

    private void onAnswer(String answer) {
        Sinks.Many<String> waiting = answer.length() == 2 * ID_LENGTH ? open.get(answer.substring(0, ID_LENGTH)) : null;
        if (waiting != null) {
            waiting.emitNext(answer.substring(ID_LENGTH), EmitFailureHandler.busyLooping(Duration.ofSeconds(1)));
        }
    }

    private void answer(KeyLayout.Ticket ticket) {
        byte[] text = (ticket.id() + node).getBytes(StandardCharsets.US_ASCII);
        link.send(
                        settings.writeTimeout(),
                        commands -> commands.publish(KeyLayout.receiptsChannel(ticket.asker()), text))
                .subscribe(null, unreachable -> {}); // the asker counts those who answer
    }
}
