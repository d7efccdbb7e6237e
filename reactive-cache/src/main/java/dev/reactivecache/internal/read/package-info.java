/** How keys are read: from memory, or on the flight of the key. */
@NullMarked
package dev.reactivecache.internal.read;

import org.jspecify.annotations.NullMarked;
