package dev.reactivecache.internal.miss;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.remote.RemoteState;
import io.micrometer.context.ContextRegistry;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** Thread locals, where Reactor is told to restore them from the Context. */
class ThreadLocalsTest {
    private static final String NAME = "caller";

    private final ThreadLocal<String> caller = new ThreadLocal<>();

    @BeforeEach
    void restoreThem() {
        ContextRegistry.getInstance().registerThreadLocalAccessor(NAME, caller);
        Hooks.enableAutomaticContextPropagation();
    }

    @AfterEach
    void restoreNone() {
        Hooks.disableAutomaticContextPropagation();
        ContextRegistry.getInstance().removeThreadLocalAccessor(NAME);
    }

    @Test
    void whatFollowsAnAnswerSeesThoseOfItsCallerNotThoseOfWhoeverAnswers() {
        AtomicReference<CoreSubscriber<? super RemoteState>> asking = new AtomicReference<>();
        Mono<RemoteState> question = new Mono<>() { // as the reads of Redis are
                    @Override
                    public void subscribe(CoreSubscriber<? super RemoteState> actual) {
                        asking.set(actual);
                        actual.onSubscribe(Operators.emptySubscription());
                    }
                };
        AtomicReference<String> seen = new AtomicReference<>();
        new AskingMono<String>(question, RemoteState.Unavailable::new, state -> {
                    seen.set(caller.get());
                    return Mono.empty();
                })
                .contextWrite(Context.of(NAME, "mine"))
                .subscribe();

        caller.set("another's");
        asking.get().onNext(new RemoteState.Missing());

        assertThat(seen).hasValue("mine");
    }
}
