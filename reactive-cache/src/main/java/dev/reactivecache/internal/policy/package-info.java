/**
 * Decisions about an entry at a moment: fresh, stale or expired, refresh now or later, is the circuit open.
 * Pure functions of their arguments; nothing here reads a clock or does I/O.
 */
@NullMarked
package dev.reactivecache.internal.policy;

import org.jspecify.annotations.NullMarked;
