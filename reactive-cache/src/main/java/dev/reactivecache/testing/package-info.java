/** For the tests of applications: a remote tier that fails on demand, and loaders that are counted. */
@NullMarked
package dev.reactivecache.testing;

import org.jspecify.annotations.NullMarked;
