/** What the tests of several modules use: the build compiles it into each of them. */
package dev.reactivecache.shared;
