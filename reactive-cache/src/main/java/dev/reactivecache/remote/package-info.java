/**
 * What the cache asks of a tier shared between processes, and of the source that announces changes made
 * by others.
 */
@NullMarked
package dev.reactivecache.remote;

import org.jspecify.annotations.NullMarked;
