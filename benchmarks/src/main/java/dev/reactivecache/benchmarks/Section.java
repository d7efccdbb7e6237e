package dev.reactivecache.benchmarks;

import java.util.List;

/** One kind of work, and who does it. */
public interface Section {
    /** By which it is chosen. */
    String name();

    /** For the report. */
    String title();

    /** Does it all. */
    List<Figure> measure(Effort effort) throws Exception;
}
