package dev.reactivecache.samples.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void labelsStandLeftAndFiguresRight() {
        Table table = new Table()
                .row(List.of("", "node 1", "total"))
                .rule()
                .row(List.of("requests", "1", "1,000,000"))
                .row(List.of("short", "12"));

        assertThat(table.toString().lines())
                .containsExactly(
                        "          node 1      total",
                        "---------------------------",
                        "requests       1  1,000,000",
                        "short         12");
    }
}
