package dev.reactivecache.benchmarks;

import java.util.List;

/** One kind of work, and who does it. */
interface Section {
    /** By which it is chosen. */
    String name();

    /** For the report. */
    String title();

    List<Figure> measure(Effort effort) throws Exception;
}
