package dev.reactivecache.internal.read;

import dev.reactivecache.Cached.Freshness;
import dev.reactivecache.Cached.Origin;
import dev.reactivecache.internal.entry.Entry;

/** An entry, as what a reader is given it, and where it was found. */
record Given<V>(Entry<V> entry, Freshness freshness, Origin origin) {}
