/** How the source is asked. */
@NullMarked
package dev.reactivecache.internal.load;

import org.jspecify.annotations.NullMarked;
