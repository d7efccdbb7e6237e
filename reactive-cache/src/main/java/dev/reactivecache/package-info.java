/**
 * The cache as its users see it: build one, read through it, write through it, invalidate it and watch
 * what it does. Stands on top of all other packages.
 */
@NullMarked
package dev.reactivecache;

import org.jspecify.annotations.NullMarked;
