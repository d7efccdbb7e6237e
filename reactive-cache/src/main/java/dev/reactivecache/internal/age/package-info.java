/** How long entries live: their time to live, what may be done with them after it, and for how long memory has them. */
@NullMarked
package dev.reactivecache.internal.age;

import org.jspecify.annotations.NullMarked;
