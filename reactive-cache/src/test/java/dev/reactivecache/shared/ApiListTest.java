package dev.reactivecache.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ApiListTest {
    @Test
    void typeIsListedWithWhatOthersCanNameOfIt() {
        assertThat(Signatures.of(Sample.class))
                .containsExactly(
                        "public abstract class dev.reactivecache.shared.ApiListTest$Sample<T extends Number>"
                                + " extends dev.reactivecache.shared.ApiListTest$Hidden"
                                + " implements java.util.function.Supplier<T>",
                        "    protected Sample(java.util.List<? extends @Nullable T>) throws java.io.IOException",
                        "    protected final int count",
                        "    public <R extends @Nullable Object> R as(Class<R>)",
                        "    public abstract T get()",
                        "    public void inherited()");
    }

    @Test
    void sealedTypeIsListedWithWhatItPermits() {
        assertThat(Signatures.of(Closed.class))
                .containsExactly("public sealed interface dev.reactivecache.shared.ApiListTest$Closed"
                        + " permits dev.reactivecache.shared.ApiListTest$Only");
    }

    @Test
    void typeWithinOneThatOthersCannotNameIsHidden() {
        assertThat(Signatures.isVisible(Sample.class))
                .as("ApiListTest itself is package-private")
                .isFalse();
    }

    @Test
    void differenceNamesTheTypeOfAMember() {
        List<String> noted = List.of("class A", "    int a()", "", "class B", "    int b()", "");
        List<String> now = List.of("class A", "    int b()", "", "class B", "    int b()", "");

        assertThat(ApiList.difference(noted, now)).containsExactly("- A: int a()", "+ A: int b()");
    }

    @Test
    void differenceOfAWholeTypeIsOneLine() {
        List<String> noted = List.of("public class A", "    int a()", "", "final class B", "    int b()", "");
        List<String> now = List.of("class B", "    int b()", "", "interface C<T>", "    int c()", "");

        assertThat(ApiList.difference(noted, now))
                .containsExactly("- public class A", "- final class B", "+ class B", "+ interface C<T>");
    }

    abstract static class Hidden {
        public void inherited() {}
    }

    public abstract static class Sample<T extends Number> extends Hidden implements Supplier<T> {
        protected final int count = 1;
        private final int hidden = 2;

        protected Sample(List<? extends @Nullable T> values) throws java.io.IOException {}

        public <R extends @Nullable Object> R as(Class<R> type) {
            return type.cast(hidden);
        }

        @Override
        public String toString() {
            return "sample";
        }

        @Override
        public abstract T get();

        void packagePrivate() {}
    }

    public sealed interface Closed {}

    public record Only() implements Closed {}
}
