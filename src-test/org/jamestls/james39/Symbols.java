package org.jamestls.james39;

import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.Remapper;

/** What class files name of other classes, read without loading any, and whether it exists among others. */
final class Symbols {

    private static final int API = Opcodes.ASM9;

    private Symbols() {}

    /** The fields and methods that a class file uses, as {@code owner.name descriptor}, and the classes, by name alone. */
    static Set<String> usedBy(byte[] classFile, Predicate<String> concerns) {
        Set<String> used = new TreeSet<>();
        ClassVisitor types = new ClassRemapper(new ClassWriter(0), new Remapper(API) {
            @Override
            public String map(String internalName) {
                add(used, concerns, internalName, "");
                return internalName;
            }
        });
        new ClassReader(classFile).accept(types, 0);
        new ClassReader(classFile).accept(new MemberUses(used, concerns), 0);
        return used;
    }

    private static void add(Set<String> used, Predicate<String> concerns, String owner, String member) {
        if (concerns.test(owner)) {
            used.add(owner + member);
        }
    }

    private static final class MemberUses extends ClassVisitor {
        private final Set<String> used;
        private final Predicate<String> concerns;

        private MemberUses(Set<String> used, Predicate<String> concerns) {
            super(API);
            this.used = used;
            this.concerns = concerns;
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            return new MethodVisitor(API) {
                @Override
                public void visitMethodInsn(int opcode, String owner, String called, String type, boolean isInterface) {
                    add(used, concerns, owner, "." + called + " " + type);
                }

                @Override
                public void visitFieldInsn(int opcode, String owner, String field, String type) {
                    add(used, concerns, owner, "." + field + " " + type);
                }

                @Override
                public void visitInvokeDynamicInsn(
                        String called, String type, org.objectweb.asm.Handle bootstrap, Object... arguments) {
                    for (Object argument : arguments) {
                        if (argument instanceof org.objectweb.asm.Handle handle) {
                            add(used, concerns, handle.getOwner(), "." + handle.getName() + " " + handle.getDesc());
                        }
                    }
                }
            };
        }
    }

    /** Whether a class, or a member in it or in what it extends and implements that is not private, is among those of a class loader. */
    static boolean exists(String symbol, ClassLoader among) throws IOException {
        int dot = symbol.indexOf('.');
        return dot < 0
                ? among.getResource(symbol + ".class") != null
                : hasMember(symbol.substring(0, dot), symbol.substring(dot + 1), among);
    }

    private static boolean hasMember(String owner, String member, ClassLoader among) throws IOException {
        try (InputStream in = among.getResourceAsStream(owner + ".class")) {
            if (in == null) {
                return false;
            }
            ClassReader reader = new ClassReader(in);
            Set<String> members = new TreeSet<>();
            reader.accept(
                    new ClassVisitor(API) {
                        @Override
                        public MethodVisitor visitMethod(int access, String name, String type, String s, String[] e) {
                            add(access, name, type);
                            return null;
                        }

                        @Override
                        public FieldVisitor visitField(int access, String name, String type, String s, Object v) {
                            add(access, name, type);
                            return null;
                        }

                        private void add(int access, String name, String type) {
                            if ((access & Opcodes.ACC_PRIVATE) == 0) {
                                members.add(name + " " + type);
                            }
                        }
                    },
                    ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG);
            if (members.contains(member)) {
                return true;
            }
            if (reader.getSuperName() != null && hasMember(reader.getSuperName(), member, among)) {
                return true;
            }
            for (String implemented : reader.getInterfaces()) {
                if (hasMember(implemented, member, among)) {
                    return true;
                }
            }
            return false;
        }
    }
}
