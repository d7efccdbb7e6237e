/** What a cache reports to those who measure it. */
@NullMarked
package dev.reactivecache.observe;

import org.jspecify.annotations.NullMarked;
