/**
 * The codecs of a cache, behind which nothing that they throw costs a read, and what is read back to find those that
 * cannot.
 */
@NullMarked
package dev.reactivecache.internal.codec;

import org.jspecify.annotations.NullMarked;
