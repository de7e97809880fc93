package org.jamestls.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * James's working directory, and what the demonstration leaves behind to look at.
 *
 * <p>{@code conf/} holds this project's samples, changed as {@link ShippedConfiguration} does, and the settings of the
 * host that every James has: ports, local domain, storage.
 */
final class WorkingDirectory {

    static final String TRUST_STORE_PASSWORD = "changeit";

    private static final String CLASS_PATH_OF_JAMES = "james-class-path.txt";

    private final Path project;
    private final Path root;

    private WorkingDirectory(Path project, Path root) {
        this.project = project;
        this.root = root;
    }

    /** An empty working directory, but for the class path that the build wrote there. */
    static WorkingDirectory create(Path project, Path root) throws IOException {
        try (Stream<Path> left = Files.walk(root)) {
            for (Path path : left.sorted(Comparator.reverseOrder()).toList()) {
                if (!path.equals(root) && !path.equals(root.resolve(CLASS_PATH_OF_JAMES))) {
                    Files.delete(path);
                }
            }
        }
        return new WorkingDirectory(project.toAbsolutePath(), root.toAbsolutePath());
    }

    void installJar(Path jar) throws IOException {
        Path extensions = Files.createDirectories(path("extensions-jars"));
        Files.copy(jar, extensions.resolve(jar.getFileName()), StandardCopyOption.REPLACE_EXISTING);
    }

    /** Writes the host's own settings, {@code @name@} replaced by its value. */
    void writeHostSettings(Map<String, Object> values) throws IOException {
        try (Stream<Path> files = Files.list(sources("conf"))) {
            for (Path file : files.toList()) {
                String text = Files.readString(file);
                for (Map.Entry<String, Object> value : values.entrySet()) {
                    text = text.replace(
                            "@" + value.getKey() + "@", value.getValue().toString());
                }
                write(text, "conf", file.getFileName().toString());
            }
        }
    }

    void writeTrustStore(X509Certificate root) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("root", root);
        try (OutputStream out = Files.newOutputStream(trustStore())) {
            store.store(out, TRUST_STORE_PASSWORD.toCharArray());
        }
    }

    /** The same root for the command line, which does not run on the trust store of James's Java. */
    void writeTrustedRootPem(X509Certificate root) throws IOException, GeneralSecurityException {
        write(
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder().encodeToString(root.getEncoded())
                        + "\n-----END CERTIFICATE-----\n",
                trustedRootPem().getFileName().toString());
    }

    Path trustedRootPem() {
        return path("trusted-root.pem");
    }

    void writeDnsRecords(List<String> records) throws IOException {
        write(String.join("\n", records) + "\n", "dns-records.txt");
    }

    void write(String text, String first, String... more) throws IOException {
        Path file = path(first, more);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    Path root() {
        return root;
    }

    Path path(String first, String... more) {
        return root.resolve(Path.of(first, more));
    }

    /** A sample that the project ships. */
    Path shipped(String name) {
        return project.resolve("conf").resolve(name);
    }

    Path launcherSources() {
        return sources("james");
    }

    Path classPathOfJames() {
        return path(CLASS_PATH_OF_JAMES);
    }

    /** The server with its version, such as {@code james-server-memory-app-3.8.1}. */
    String nameOfJames() throws IOException {
        return Files.readAllLines(classPathOfJames()).stream()
                .map(library -> Path.of(library).getFileName().toString())
                .filter(library -> library.startsWith("james-server-memory-app-"))
                .map(library -> library.replace(".jar", ""))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the class path of James has no james-server-memory-app"));
    }

    Path trustStore() {
        return path("trusted-roots.p12");
    }

    Path dnsRecords() {
        return path("dns-records.txt");
    }

    private Path sources(String name) {
        return project.resolve(Path.of("src-test", "org", "jamestls", "demo", name));
    }
}
