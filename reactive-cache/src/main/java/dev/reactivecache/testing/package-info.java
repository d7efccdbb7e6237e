/** For the tests of applications: a remote tier that fails when it is told to, and loaders that are counted. */
@NullMarked
package dev.reactivecache.testing;

import org.jspecify.annotations.NullMarked;
