/** How a key is answered that memory cannot answer. */
@NullMarked
package dev.reactivecache.internal.miss;

import org.jspecify.annotations.NullMarked;
