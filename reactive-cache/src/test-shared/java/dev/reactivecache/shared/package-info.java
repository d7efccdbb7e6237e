/** What the tests of both published modules use: the build compiles it into each of them. */
package dev.reactivecache.shared;
