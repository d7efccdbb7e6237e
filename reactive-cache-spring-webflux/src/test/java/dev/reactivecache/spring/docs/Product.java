package dev.reactivecache.spring.docs;

/** What the documented application sells. */
record Product(long id, String name, boolean draft) {}
