package dev.reactivecache.internal.read;

import java.util.function.UnaryOperator;
import reactor.util.context.ContextView;

/**
 * On what terms callers share a load.
 *
 * @param context what it has of the Reactor Context of the caller that started it
 * @param outlivesCallers whether it goes on when all of them have cancelled
 */
public record LoadSharing(UnaryOperator<ContextView> context, boolean outlivesCallers) {}
