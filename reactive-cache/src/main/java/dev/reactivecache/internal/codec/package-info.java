/** The codecs of a cache, behind which nothing that they throw costs a read. */
@NullMarked
package dev.reactivecache.internal.codec;

import org.jspecify.annotations.NullMarked;
