package dev.reactivecache.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordKeysTest {
    record Empty(String text) {}

    record Pair(String left, String right) {}

    record Outer(Pair pair, String last) {}

    record Chain(String name, Chain next) {}

    record There(String name, Back back) {}

    record Back(There there) {}

    record Twice(Pair first, Pair second) {}

    record Maybe(Optional<String> name) {}

    record Inner(boolean flag) {}

    record WithInner(String name, Inner inner) {}

    record Positive(int number) {
        Positive {
            if (number <= 0) {
                throw new IllegalArgumentException("number must be positive");
            }
        }
    }

    private record Hidden(int number) {}

    @Test
    void textsOfRecords() {
        assertThat(KeyCodec.ofRecord(Empty.class).encode(new Empty(""))).isEmpty();
        assertThat(KeyCodec.ofRecord(Pair.class).encode(new Pair("a:b", "c\\d")))
                .isEqualTo("a\\:b:c\\\\d");
        assertThat(KeyCodec.ofRecord(Outer.class).encode(new Outer(new Pair("a", "b"), "c")))
                .isEqualTo("a\\:b:c");
    }

    @Test
    void recordsNeedNotBePublic() {
        KeyCodec<Hidden> codec = KeyCodec.ofRecord(Hidden.class);

        assertThat(codec.decode(codec.encode(new Hidden(1)))).isEqualTo(new Hidden(1));
    }

    @Test
    void aTypeMayOccurTwice() {
        KeyCodec<Twice> codec = KeyCodec.ofRecord(Twice.class);
        Twice key = new Twice(new Pair("a", ""), new Pair("", ":"));

        assertThat(codec.decode(codec.encode(key))).isEqualTo(key);
    }

    @Test
    void aRecordThatLeadsBackToItselfIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyCodec.ofRecord(Chain.class))
                .withMessageContaining("'next'")
                .withMessageContaining(Chain.class.getName());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyCodec.ofRecord(There.class))
                .withMessageContaining("'there'")
                .withMessageContaining(Back.class.getName());
    }

    @Test
    void aComponentOfAnotherTypeIsNamedWithTheRecordThatHasIt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyCodec.ofRecord(Maybe.class))
                .withMessageContaining("'name'")
                .withMessageContaining("java.util.Optional");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyCodec.ofRecord(WithInner.class))
                .withMessageContaining("'flag' of " + Inner.class.getName())
                .withMessageContaining("boolean");
    }

    @Test
    void nullIsRefusedAtAnyDepth() {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> KeyCodec.ofRecord(Outer.class).encode(new Outer(new Pair("a", null), "c")))
                .withMessageContaining("'right'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1"})
    void aTextThatTheConstructorRefusesIsNoKey(String text) {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> KeyCodec.ofRecord(Positive.class).decode(text))
                .withMessageContaining("'" + text + "'")
                .withMessageContaining("Positive")
                .withRootCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRecordInAModuleThatIsNotOpenIsRefused(@TempDir Path folder) throws Exception {
        Class<?> closed = closedRecord(folder);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyCodec.ofRecord(closed.asSubclass(Record.class)))
                .withMessageContaining("shut.Closed")
                .withMessageContaining("open to reflection");
    }

    private static Class<?> closedRecord(Path folder) throws IOException, ClassNotFoundException {
        Path module = Files.writeString(folder.resolve("module-info.java"), "module shut {}");
        Path type = Files.writeString(folder.resolve("Closed.java"), "package shut; record Closed(int number) {}");
        int result = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler())
                .run(null, null, null, "-proc:none", "-d", folder.toString(), module.toString(), type.toString());
        assertThat(result).as("javac").isZero();

        ModuleLayer boot = ModuleLayer.boot();
        var configuration = boot.configuration().resolve(ModuleFinder.of(folder), ModuleFinder.of(), Set.of("shut"));
        return boot.defineModulesWithOneLoader(configuration, ClassLoader.getSystemClassLoader())
                .findLoader("shut")
                .loadClass("shut.Closed");
    }
}
