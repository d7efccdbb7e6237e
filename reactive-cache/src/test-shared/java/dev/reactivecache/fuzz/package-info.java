/** Tests that draw their own input. */
@NullMarked
package dev.reactivecache.fuzz;

import org.jspecify.annotations.NullMarked;
