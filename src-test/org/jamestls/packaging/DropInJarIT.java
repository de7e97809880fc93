package org.jamestls.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.security.Provider;
import java.security.Security;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocket;
import org.jamestls.testing.CertificateAuthority;
import org.jamestls.testing.CertificateAuthority.Request;
import org.jamestls.testing.HybridServer;
import org.jamestls.testing.TlsServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The finished jar, as James gets it. */
class DropInJarIT {

    private static final Path JAR = Path.of(System.getProperty("dropInJar"));
    private static final Pattern VERSIONED = Pattern.compile("META-INF/versions/([0-9]+)/(.+)");

    @Test
    void classesShouldLieInOurPackageAlone() throws Exception {
        assertThat(classes()).allSatisfy(name -> assertThat(unversioned(name)).startsWith("org/jamestls/"));
        assertThat(classes())
                .contains(
                        "org/jamestls/tls/BouncyCastleTlsClient.class",
                        "org/jamestls/relocated/bouncycastle/jsse/provider/BouncyCastleJsseProvider.class");
    }

    @Test
    void everyFileShouldBeOursOrAboutTheJar() throws Exception {
        assertThat(entries()).allSatisfy(name -> assertThat(name).matches("(META-INF/.*|org/|org/jamestls/.*)"));
    }

    @Test
    void commandLineShouldStayOut() throws Exception {
        assertThat(entries()).noneMatch(name -> name.matches("org/jamestls/(cli|relocated/xbill)/.*"));
    }

    /** A class for a newer Java version stands beside the one that it replaces. */
    @Test
    void versionedClassesShouldBeRelocatedForEveryJavaVersion() throws Exception {
        Set<String> versions = new TreeSet<>();
        for (String name : classes()) {
            Matcher versioned = VERSIONED.matcher(name);
            if (versioned.matches()) {
                versions.add(versioned.group(1));
            }
        }
        assertThat(versions).containsExactly("11", "15", "17", "25", "9");
        try (JarFile jar = new JarFile(JAR.toFile())) {
            assertThat(jar.getManifest().getMainAttributes().getValue("Multi-Release"))
                    .isEqualTo("true");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".*\\.(SF|RSA|DSA|EC)",
                ".*module-info\\.class",
                "META-INF/services/java\\.security\\.Provider",
                "META-INF/maven/org\\.bouncycastle.*",
                "META-INF/versions/.*/OSGI-INF/.*"
            })
    void jarShouldHoldNothingThatIsTrueOfTheLibrariesOwnJarsOnly(String pattern) throws Exception {
        assertThat(entries()).noneMatch(name -> name.matches(pattern));
    }

    @Test
    void licencesShouldBeKept() throws Exception {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            assertThat(text(jar, "META-INF/LICENSE")).contains("Apache License");
            assertThat(text(jar, "META-INF/NOTICE"))
                    .contains("The Legion of the Bouncy Castle", "Permission is hereby granted");
        }
    }

    /** Nothing but the jar and the Java platform is visible: no Bouncy Castle, no James. */
    @Test
    void jarShouldDoAHybridHandshakeByItself() throws Exception {
        CertificateAuthority root = CertificateAuthority.root("Root");
        var keys = CertificateAuthority.rsaKeys(2048);
        var certificate = root.issue(new Request("CN=mx.bank.example").dnsName("mx.bank.example"), keys);
        try (TlsServer server = HybridServer.presenting(certificate, socket -> {}, "X25519MLKEM768");
                URLClassLoader loader =
                        new URLClassLoader(new URL[] {JAR.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
            Object connection = handshake(loader, root, server.connect());

            SSLSocket socket = (SSLSocket) component(connection, "socket");
            socket.getOutputStream().write('x');
            assertThat(socket.getInputStream().read()).isEqualTo('x');
            assertThat(socket.getClass().getName()).startsWith("org.jamestls.relocated.bouncycastle.jsse.provider.");
            assertThat(component(connection, "negotiated").toString())
                    .contains("protocol=TLSv1.3")
                    .contains("keyExchange=X25519MLKEM768");
            assertThat(Security.getProviders()).extracting(Provider::getName).doesNotContain("BC", "BCJSSE");
        }
    }

    private static Object handshake(ClassLoader loader, CertificateAuthority root, Socket socket) throws Exception {
        Class<?> roots = loader.loadClass("org.jamestls.certificate.TrustedRoots");
        Class<?> keyExchange = loader.loadClass("org.jamestls.tls.KeyExchange");
        Class<?> host = loader.loadClass("org.jamestls.policy.Host");
        Class<?> requirement = loader.loadClass("org.jamestls.policy.TlsRequirement");
        Object client = loader.loadClass("org.jamestls.tls.BouncyCastleTlsClient")
                .getConstructor(roots, keyExchange, Clock.class, Duration.class)
                .newInstance(
                        roots.getMethod("of", Collection.class).invoke(null, List.of(root.certificate())),
                        keyExchange.getField("HYBRID").get(null),
                        Clock.systemUTC(),
                        Duration.ofSeconds(30));
        return loader.loadClass("org.jamestls.tls.TlsClient")
                .getMethod("handshake", Socket.class, host, int.class, requirement)
                .invoke(
                        client,
                        socket,
                        host.getMethod("parse", String.class).invoke(null, "mx.bank.example"),
                        25,
                        loader.loadClass("org.jamestls.policy.TlsRequirement$Verified")
                                .getConstructor(Set.class)
                                .newInstance(Set.of()));
    }

    private static Object component(Object value, String name) throws ReflectiveOperationException {
        return value.getClass().getMethod(name).invoke(value);
    }

    private static String unversioned(String name) {
        Matcher versioned = VERSIONED.matcher(name);
        return versioned.matches() ? versioned.group(2) : name;
    }

    private static List<String> classes() throws IOException {
        return entries().stream().filter(name -> name.endsWith(".class")).toList();
    }

    private static List<String> entries() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            return jar.stream().map(JarEntry::getName).toList();
        }
    }

    private static String text(JarFile jar, String name) throws IOException {
        return new String(jar.getInputStream(jar.getEntry(name)).readAllBytes());
    }
}
