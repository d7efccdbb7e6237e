/**
 * The values that travel between the tiers: an entry with its header, stamp and generations. Depends on no
 * other package of the library.
 */
@NullMarked
package dev.reactivecache.internal.entry;

import org.jspecify.annotations.NullMarked;
