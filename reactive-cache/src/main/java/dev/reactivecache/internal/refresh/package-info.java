/** How keys are loaded anew that may still be answered, while nobody waits. */
@NullMarked
package dev.reactivecache.internal.refresh;

import org.jspecify.annotations.NullMarked;
