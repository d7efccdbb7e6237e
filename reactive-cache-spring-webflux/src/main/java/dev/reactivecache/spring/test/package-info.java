/** For the tests of applications: their caches in memory, on a clock of the test's. */
@NullMarked
package dev.reactivecache.spring.test;

import org.jspecify.annotations.NullMarked;
