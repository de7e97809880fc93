package org.jamestls.james39;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every class, field and method of James and JavaMail that our classes name is there, in James 3.8.1 and in 3.9.0. */
class SymbolsIT {

    private static final Path BUILD = Path.of(System.getProperty("buildDirectory"));
    private static final String RELOCATED = "org/jamestls/relocated/";
    private static final List<String> OF_JAMES = List.of(
            "org/apache/",
            "javax/mail/",
            "javax/inject/",
            "javax/activation/",
            "jakarta/",
            "com/sun/mail/",
            "org/eclipse/angus/",
            "com/google/",
            "reactor/",
            "org/reactivestreams/",
            "org/slf4j/");

    @Test
    void jarForJames38ShouldNameOnlyWhatJames38Has() throws Exception {
        assertThat(missing("james-tls-enforcement.jar", james38())).isEmpty();
    }

    @Test
    void jarForJames39ShouldNameOnlyWhatJames39Has() throws Exception {
        assertThat(missing("james-tls-enforcement-jakarta.jar", james39())).isEmpty();
    }

    @Test
    void jarForJames38ShouldNotFitJames39() throws Exception {
        assertThat(missing("james-tls-enforcement.jar", james39()))
                .as("the check finds what only one version has")
                .contains("javax/mail/MessagingException")
                .anyMatch(symbol -> symbol.startsWith("org/apache/mailet/Mail.getMessage ()"));
    }

    @Test
    void whatOnlyJames38HasShouldBeMissedIn39() throws Exception {
        try (URLClassLoader james38 = james38();
                URLClassLoader james39 = james39()) {
            String onlyIn38 =
                    "org/apache/james/core/MailAddress.<init> (Ljava/lang/String;Lorg/apache/james/core/Domain;)V";
            assertThat(Symbols.exists("org/apache/james/queue/memory/MemoryMailQueueFactory", james38))
                    .isTrue();
            assertThat(Symbols.exists("org/apache/james/queue/memory/MemoryMailQueueFactory", james39))
                    .isFalse();
            assertThat(Symbols.exists(onlyIn38, james38)).isTrue();
            assertThat(Symbols.exists(onlyIn38, james39)).as("private in 3.9").isFalse();
        }
    }

    @Test
    void jarForJames39ShouldBeRenamedOutsideTheRelocatedLibraries() throws Exception {
        Set<String> old = new TreeSet<>();
        try (JarFile jar =
                new JarFile(BUILD.resolve("james-tls-enforcement-jakarta.jar").toFile())) {
            for (JarEntry entry : ours(jar)) {
                old.addAll(Symbols.usedBy(
                        jar.getInputStream(entry).readAllBytes(),
                        name -> Stream.of("javax/mail/", "javax/inject/", "javax/activation/", "com/sun/mail/")
                                .anyMatch(name::startsWith)));
            }
            assertThat(ours(jar))
                    .as("the sockets of TLS keep their package")
                    .anyMatch(entry -> uses(jar, entry, "javax/net/ssl/SSLSocket"));
        }
        assertThat(old).isEmpty();
    }

    private static boolean uses(JarFile jar, JarEntry entry, String name) {
        try {
            return Symbols.usedBy(jar.getInputStream(entry).readAllBytes(), name::equals)
                    .contains(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> missing(String jarName, URLClassLoader james) throws IOException {
        Set<String> missing = new TreeSet<>();
        try (james;
                JarFile jar = new JarFile(BUILD.resolve(jarName).toFile())) {
            for (JarEntry entry : ours(jar)) {
                byte[] classFile = jar.getInputStream(entry).readAllBytes();
                for (String symbol :
                        Symbols.usedBy(classFile, name -> OF_JAMES.stream().anyMatch(name::startsWith))) {
                    if (!Symbols.exists(symbol, james)) {
                        missing.add(symbol);
                    }
                }
            }
        }
        return missing;
    }

    private static List<JarEntry> ours(JarFile jar) {
        List<JarEntry> ours = jar.stream()
                .filter(entry -> entry.getName().startsWith("org/jamestls/")
                        && entry.getName().endsWith(".class"))
                .filter(entry -> !entry.getName().startsWith(RELOCATED))
                .toList();
        assertThat(ours).hasSizeGreaterThan(100);
        return ours;
    }

    private static URLClassLoader james38() {
        return jars(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    }

    private static URLClassLoader james39() throws IOException {
        return jars(Files.readString(BUILD.resolve("james-3.9/class-path.txt")).strip());
    }

    private static URLClassLoader jars(String classPath) {
        URL[] urls = Arrays.stream(classPath.split(File.pathSeparator))
                .filter(path -> path.endsWith(".jar"))
                .map(SymbolsIT::url)
                .toArray(URL[]::new);
        return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
    }

    private static URL url(String path) {
        try {
            return Path.of(path).toUri().toURL();
        } catch (java.net.MalformedURLException e) {
            throw new IllegalArgumentException(path, e);
        }
    }
}
