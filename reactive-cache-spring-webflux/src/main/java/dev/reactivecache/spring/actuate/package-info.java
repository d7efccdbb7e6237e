/** The caches in Actuator: an endpoint and a health indicator. */
@NullMarked
package dev.reactivecache.spring.actuate;

import org.jspecify.annotations.NullMarked;
