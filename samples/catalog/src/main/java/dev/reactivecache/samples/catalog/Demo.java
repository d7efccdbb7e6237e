package dev.reactivecache.samples.catalog;

import java.io.PrintStream;

/** Shows the cache at work. */
public final class Demo {

    private Demo() {}

    public static void main(String[] args) {
        PrintStream out = System.out;
        out.println("The demo of Reactive Cache starts here. demo.once=" + Boolean.getBoolean("demo.once"));
    }
}
