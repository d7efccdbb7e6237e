package dev.reactivecache.model;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;
import org.luaj.vm2.lib.VarArgFunction;

/**
 * {@code struct.pack} and {@code struct.unpack} as Redis has them, as far as the scripts go: big-endian unsigned
 * numbers, {@code B} of one byte and {@code In} of n, and strings {@code cn} of n bytes.
 */
final class StructLibrary {
    private StructLibrary() {}

    static LuaTable create() {
        LuaTable library = new LuaTable();
        library.set("pack", new Pack());
        library.set("unpack", new Unpack());
        return library;
    }

    /** Calls with the kind and the length of each field. */
    private static void forEachField(String format, BiConsumer<Character, Integer> field) {
        if (!format.startsWith(">")) {
            throw new IllegalArgumentException("the model knows big-endian structs only: " + format);
        }
        int at = 1;
        while (at < format.length()) {
            char kind = format.charAt(at++);
            int digits = at;
            while (digits < format.length() && Character.isDigit(format.charAt(digits))) {
                digits++;
            }
            int length = switch (kind) {
                case 'B' -> 1;
                case 'I', 'c' -> Integer.parseInt(format.substring(at, digits));
                default -> throw new IllegalArgumentException("the model has no struct " + kind);
            };
            at = digits;
            field.accept(kind, length);
        }
    }

    private static final class Pack extends VarArgFunction {
        @Override
        public Varargs invoke(Varargs args) {
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            int[] next = {2};
            forEachField(args.arg1().checkjstring(), (kind, length) -> {
                LuaValue value = args.arg(next[0]++);
                if (kind == 'c') {
                    LuaString text = value.checkstring();
                    if (text.m_length < length) {
                        throw new IllegalArgumentException("string too short");
                    }
                    packed.write(text.m_bytes, text.m_offset, length);
                } else {
                    long number = (long) value.checkdouble();
                    for (int shift = 8 * (length - 1); shift >= 0; shift -= 8) {
                        packed.write((int) (number >>> shift));
                    }
                }
            });
            return LuaString.valueOf(packed.toByteArray());
        }
    }

    private static final class Unpack extends VarArgFunction {
        @Override
        public Varargs invoke(Varargs args) {
            LuaString text = args.arg(2).checkstring();
            List<LuaValue> values = new ArrayList<>();
            int[] at = {args.optint(3, 1) - 1};
            forEachField(args.arg1().checkjstring(), (kind, length) -> {
                if (at[0] + length > text.m_length) {
                    throw new IllegalArgumentException("data string too short");
                }
                values.add(kind == 'c' ? text.substring(at[0], at[0] + length) : number(text, at[0], length));
                at[0] += length;
            });
            values.add(LuaValue.valueOf(at[0] + 1));
            return LuaValue.varargsOf(values.toArray(LuaValue[]::new));
        }

        private static LuaValue number(LuaString text, int from, int length) {
            long number = 0;
            for (int i = from; i < from + length; i++) {
                number = number << 8 | text.luaByte(i);
            }
            return LuaValue.valueOf((double) number);
        }
    }
}
