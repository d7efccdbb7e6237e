package dev.reactivecache.sim;

import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/** Has one method of a class do what another does, which takes and returns the same. */
final class MethodRemoval implements Removal {
    private final String inClass;
    private final String name;
    private final String other;

    /** @param place {@code Class.method}, without our root package */
    MethodRemoval(String place, String other) {
        int dot = place.lastIndexOf('.');
        this.inClass = "dev.reactivecache." + place.substring(0, dot);
        this.name = place.substring(dot + 1);
        this.other = other;
    }

    @Override
    public byte[] ofClass(String className, byte[] bytes) {
        if (!className.equals(inClass)) {
            return bytes;
        }
        ClassReader reader = new ClassReader(bytes);
        ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
        boolean[] found = new boolean[1];
        reader.accept(
                new ClassVisitor(Opcodes.ASM9, writer) {
                    @Override
                    public MethodVisitor visitMethod(
                            int access, String method, String descriptor, String signature, String[] exceptions) {
                        MethodVisitor next = super.visitMethod(access, method, descriptor, signature, exceptions);
                        if (!method.equals(name)) {
                            return next;
                        }
                        found[0] = true;
                        call(next, descriptor);
                        return null;
                    }
                },
                0);
        if (!found[0]) {
            throw new IllegalStateException(inClass + " has no " + name + " any more");
        }
        return writer.toByteArray();
    }

    private void call(MethodVisitor method, String descriptor) {
        method.visitCode();
        method.visitVarInsn(Opcodes.ALOAD, 0);
        int at = 1;
        for (Type argument : Type.getArgumentTypes(descriptor)) {
            method.visitVarInsn(argument.getOpcode(Opcodes.ILOAD), at);
            at += argument.getSize();
        }
        method.visitMethodInsn(Opcodes.INVOKEVIRTUAL, inClass.replace('.', '/'), other, descriptor, false);
        method.visitInsn(Type.getReturnType(descriptor).getOpcode(Opcodes.IRETURN));
        method.visitMaxs(0, 0);
        method.visitEnd();
    }
}
