/**
 * The cache in a Spring Boot application: auto-configuration of the remote tier, and a cache's invalidations as
 * server-sent events.
 */
@NullMarked
package dev.reactivecache.spring;

import org.jspecify.annotations.NullMarked;
