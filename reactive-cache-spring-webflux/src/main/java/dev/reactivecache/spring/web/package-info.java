/** Responses of a WebFlux application, and of the servers that it asks, from a cache. */
@NullMarked
package dev.reactivecache.spring.web;

import org.jspecify.annotations.NullMarked;
