/** The remote tier as a cache sees it, and the changes that it reports. */
@NullMarked
package dev.reactivecache.internal.change;

import org.jspecify.annotations.NullMarked;
