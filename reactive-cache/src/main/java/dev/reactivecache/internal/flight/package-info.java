/**
 * The single flight of one key: callers join the load that is already out, leave it without harming each
 * other, and take over when the one who started it goes. Knows Reactor and no tier.
 */
@NullMarked
package dev.reactivecache.internal.flight;

import org.jspecify.annotations.NullMarked;
