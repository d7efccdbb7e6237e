package dev.reactivecache.redis;

import io.lettuce.core.RedisClient;
import reactor.core.publisher.Mono;

/**
 * What connects to one master.
 *
 * @param close what is to be done about the client when the tier is closed
 */
record SingleClient(RedisClient client, Mono<Void> close) {}
