/** When things happen: the one clock, what is done together on one thread, and questions that are shared. */
@NullMarked
package dev.reactivecache.internal.time;

import org.jspecify.annotations.NullMarked;
