package dev.reactivecache.internal.write;

import dev.reactivecache.OnUnreachable;
import java.time.Duration;

/**
 * On what terms a write goes through the cache.
 *
 * @param quarantine for how long at most nobody may fill the key while it is written
 * @param onUnreachable what becomes of the write if the remote tier cannot be told that it begins
 */
public record WriteTerms(Duration quarantine, OnUnreachable onUnreachable) {}
