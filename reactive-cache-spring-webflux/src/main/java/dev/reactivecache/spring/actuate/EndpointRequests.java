package dev.reactivecache.spring.actuate;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.InvocationContext;
import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvoker;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvokerAdvisor;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameters;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
import reactor.core.publisher.Mono;

/**
 * Refuses requests to drop something that have parameters which the endpoint does not know, as Actuator itself does
 * not: one that is mistyped would make the request mean another thing. Says in the body of each refusal what is wrong.
 */
final class EndpointRequests implements OperationInvokerAdvisor {
    private static final EndpointId OURS = EndpointId.of(ReactiveCachesEndpoint.ID);

    @Override
    public OperationInvoker apply(
            EndpointId id, OperationType type, OperationParameters parameters, OperationInvoker invoker) {
        if (!id.equals(OURS)) {
            return invoker;
        }
        Set<String> known = parameters.stream()
                .map(parameter -> parameter.getName())
                .collect(Collectors.toCollection(TreeSet::new));
        OperationInvoker checked = type == OperationType.DELETE
                ? request -> {
                    requireKnown(known, request.getArguments().keySet());
                    return invoker.invoke(request);
                }
                : invoker;
        return request ->
                request.canResolve(WebServerNamespace.class) ? telling(checked, request) : checked.invoke(request);
    }

    private static void requireKnown(Set<String> known, Set<String> given) {
        Set<String> unknown = new TreeSet<>(given);
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            String reason = "unknown parameters " + unknown + "; known are " + known;
            throw new InvalidEndpointRequestException(reason, reason);
        }
    }

    /** All operations that may be refused answer with a {@code Mono}. */
    private static @Nullable Object telling(OperationInvoker invoker, InvocationContext request) {
        try {
            Object answer = invoker.invoke(request);
            return answer instanceof Mono<?> later ? telling(later) : answer;
        } catch (InvalidEndpointRequestException refused) {
            return Mono.just(refusal(refused));
        }
    }

    private static Mono<Object> telling(Mono<?> answer) {
        return answer.cast(Object.class)
                .onErrorResume(InvalidEndpointRequestException.class, refused -> Mono.just(refusal(refused)));
    }

    private static WebEndpointResponse<Map<String, String>> refusal(InvalidEndpointRequestException refused) {
        return new WebEndpointResponse<>(Map.of("reason", refused.getReason()), WebEndpointResponse.STATUS_BAD_REQUEST);
    }
}
