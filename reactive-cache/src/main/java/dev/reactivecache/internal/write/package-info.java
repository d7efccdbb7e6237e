/** How keys are changed, one by one and many at once, in all tiers. */
@NullMarked
package dev.reactivecache.internal.write;

import org.jspecify.annotations.NullMarked;
