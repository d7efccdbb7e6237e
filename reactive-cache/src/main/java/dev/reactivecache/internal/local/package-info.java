/** This node's memory: the entries that are kept, and the flights that may bring more. */
@NullMarked
package dev.reactivecache.internal.local;

import org.jspecify.annotations.NullMarked;
