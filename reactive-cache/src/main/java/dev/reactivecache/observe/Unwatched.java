package dev.reactivecache.observe;

/** The watch of those who do not watch. */
enum Unwatched implements Watch {
    WATCH
}
