package dev.reactivecache.chaos;

import dev.reactivecache.chaos.Fault.Effect;
import dev.reactivecache.redis.TcpProxy;
import dev.reactivecache.redis.TcpProxy.Gate;
import dev.reactivecache.redis.TcpProxy.Kind;
import java.util.List;

/** What may happen on the wire between one node and Redis. */
final class WireFaults {
    private WireFaults() {}

    static List<Fault> of(TcpProxy wire, String target) {
        return List.of(
                fault("cut events", target, hand -> wire.cut(Kind.EVENTS)),
                fault("cut commands", target, hand -> wire.cut(Kind.COMMANDS)),
                fault("cut all", target, hand -> wire.cutAll()),
                fault("cut SUBSCRIBE", target, hand -> {
                    wire.cutNextSubscribe();
                    wire.cut(Kind.EVENTS);
                }),
                fault("half an acknowledgement", target, hand -> {
                    wire.cutInsideNextAcknowledgement();
                    wire.cut(Kind.EVENTS);
                }),
                fault("silent events", target, hand -> wire.silence(Kind.EVENTS)),
                fault("silent commands", target, hand -> wire.silence(Kind.COMMANDS)),
                fault("unreachable", target, hand -> {
                    wire.refuse(true);
                    wire.cutAll();
                    hand.hold(100, 3_000);
                    wire.refuse(false);
                }),
                fault("slow events", target, hand -> hold(wire.events(), hand)),
                fault("slow replies", target, hand -> hold(wire.commandReplies(), hand)),
                fault("slow replies and lost events", target, hand -> {
                    wire.commandReplies().shut();
                    wire.cut(Kind.EVENTS);
                    hand.hold(20, 1_000);
                    wire.commandReplies().open();
                }));
    }

    private static Fault fault(String name, String target, Fault.Course course) {
        return new Fault(name, target, 1, Effect.NONE, course);
    }

    private static void hold(Gate gate, Fault.Hand hand) throws InterruptedException {
        gate.shut();
        hand.hold(20, 2_500);
        gate.open();
    }
}
