package dev.example;

/** What the documented application sells. */
record Product(long id, String name, boolean draft) {}
