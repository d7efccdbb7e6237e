/** What entries have of their own, because of what they hold. */
@NullMarked
package dev.reactivecache.internal.terms;

import org.jspecify.annotations.NullMarked;
