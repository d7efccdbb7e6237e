package dev.reactivecache.sim;

import java.util.function.BiConsumer;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/** Changes calls of one method within another. */
final class CallRemoval implements Removal {
    private final String inClass;
    private final String inMethod;
    private final String owner;
    private final String name;
    private final BiConsumer<MethodVisitor, String> instead;

    /**
     * A removal.
     *
     * @param place {@code Class.method}, without our root package; lambdas within it count as part of it
     * @param called {@code Class.method}, without package
     * @param instead writes what is done instead; is given the call's descriptor, receiver included
     */
    CallRemoval(String place, String called, BiConsumer<MethodVisitor, String> instead) {
        int dot = place.lastIndexOf('.');
        this.inClass = "dev.reactivecache." + place.substring(0, dot);
        this.inMethod = place.substring(dot + 1);
        this.owner = called.substring(0, called.indexOf('.'));
        this.name = called.substring(called.indexOf('.') + 1);
        this.instead = instead;
    }

    /** Takes a call's receiver and arguments off the stack. */
    static void pop(MethodVisitor method, String descriptor) {
        Type[] arguments = Type.getArgumentTypes(descriptor);
        for (int i = arguments.length - 1; i >= 0; i--) {
            method.visitInsn(arguments[i].getSize() == 2 ? Opcodes.POP2 : Opcodes.POP);
        }
    }

    @Override
    public byte[] ofClass(String className, byte[] bytes) {
        if (!className.equals(inClass)) {
            return bytes;
        }
        ClassReader reader = new ClassReader(bytes);
        ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
        int[] found = new int[1];
        reader.accept(new Visitor(writer, found), 0);
        if (found[0] == 0) {
            throw new IllegalStateException(
                    inClass + "." + inMethod + " does not call " + owner + "." + name + " any more");
        }
        return writer.toByteArray();
    }

    private final class Visitor extends ClassVisitor {
        private final int[] found;

        Visitor(ClassWriter writer, int[] found) {
            super(Opcodes.ASM9, writer);
            this.found = found;
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String method, String descriptor, String signature, String[] exceptions) {
            MethodVisitor next = super.visitMethod(access, method, descriptor, signature, exceptions);
            boolean here = method.equals(inMethod) || method.startsWith("lambda$" + inMethod + "$");
            return !here
                    ? next
                    : new MethodVisitor(Opcodes.ASM9, next) {
                        @Override
                        public void visitMethodInsn(
                                int code, String type, String called, String form, boolean isInterface) {
                            boolean meant = called.equals(name)
                                    && type.replaceAll(".*[/$]", "").equals(owner);
                            if (!meant) {
                                super.visitMethodInsn(code, type, called, form, isInterface);
                                return;
                            }
                            found[0]++;
                            boolean hasReceiver = code != Opcodes.INVOKESTATIC;
                            instead.accept(mv, hasReceiver ? "(L" + type + ";" + form.substring(1) : form);
                        }
                    };
        }
    }
}
