package dev.reactivecache.sim;

import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/** How a guard is taken out of the library: by changing one call in a class, or one line of a script. */
interface Removal {
    /** Takes nothing out. */
    Removal NONE = new Removal() {};

    /** What a class is to be instead; the same bytes if it is not concerned. */
    default byte[] ofClass(String name, byte[] bytes) {
        return bytes;
    }

    /** What a script is to be instead. */
    default String ofScript(String file, String text) {
        return text;
    }

    /** Replaces a part of a script, which must be there. */
    static Removal inScript(String script, String part, String instead) {
        return new Removal() {
            @Override
            public String ofScript(String file, String text) {
                if (!file.equals(script + ".lua")) {
                    return text;
                }
                if (!text.contains(part)) {
                    throw new IllegalStateException(script + ".lua has no '" + part + "' any more");
                }
                return text.replace(part, instead);
            }
        };
    }

    /** Leaves a call out. It must return nothing. */
    static Removal ofCall(String place, String called) {
        return new CallRemoval(place, called, (method, descriptor) -> {
            CallRemoval.pop(method, descriptor);
            if (Type.getReturnType(descriptor) != Type.VOID_TYPE) {
                throw new IllegalStateException(called + " returns something");
            }
        });
    }

    /** Has a call answered with a number, or with 1 for true. */
    static Removal answering(String place, String called, long answer) {
        return new CallRemoval(place, called, (method, descriptor) -> {
            CallRemoval.pop(method, descriptor);
            boolean wide = Type.getReturnType(descriptor) == Type.LONG_TYPE;
            method.visitLdcInsn(wide ? (Object) answer : (Object) (int) answer);
        });
    }

    /** Has a static method of {@link Hooks} called instead, which takes the same, the receiver first. */
    static Removal hooked(String place, String called, String hook) {
        return hooked(place, called, Hooks.class, hook);
    }

    /** Has a static method of a class called instead, which takes the same, the receiver first. */
    static Removal hooked(String place, String called, Class<?> hooks, String hook) {
        return new CallRemoval(
                place,
                called,
                (method, descriptor) -> method.visitMethodInsn(
                        Opcodes.INVOKESTATIC, Type.getInternalName(hooks), hook, descriptor, false));
    }

    /** Has a method of a class do what another of its methods does, which takes and returns the same. */
    static Removal asIf(String place, String other) {
        return new MethodRemoval(place, other);
    }

    /** Both. */
    default Removal and(Removal other) {
        Removal first = this;
        return new Removal() {
            @Override
            public byte[] ofClass(String name, byte[] bytes) {
                return other.ofClass(name, first.ofClass(name, bytes));
            }

            @Override
            public String ofScript(String file, String text) {
                return other.ofScript(file, first.ofScript(file, text));
            }
        };
    }
}
