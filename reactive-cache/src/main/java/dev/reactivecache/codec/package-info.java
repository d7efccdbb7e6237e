/**
 * From keys and values to bytes and back.
 */
@NullMarked
package dev.reactivecache.codec;

import org.jspecify.annotations.NullMarked;
