/**
 * The cache in a Spring Boot application: auto-configuration and properties, Spring Cache, cached HTTP
 * responses, server-sent events, health and actuator.
 */
@NullMarked
package dev.reactivecache.spring.webflux;

import org.jspecify.annotations.NullMarked;
