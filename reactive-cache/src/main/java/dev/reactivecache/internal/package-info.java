/**
 * How a cache works inside. Nothing in here and below is for users: it may change in any release.
 *
 * <p>Each room is a package with one job; arrows between rooms run one way, which {@code ArchitectureTest} holds.
 */
@NullMarked
package dev.reactivecache.internal;

import org.jspecify.annotations.NullMarked;
