package org.jamestls.bench;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.jamestls.testing.CertificateAuthority;
import org.jamestls.testing.CertificateAuthority.Request;
import org.jamestls.testing.HeldCertificate;

/**
 * The directory of one run, with what sink and senders read: certificates of an authority made for the run, the names of
 * the mail hosts, the policy.
 */
record Workplace(Path directory) {

    /** Makes the directory and writes the files. */
    static Workplace make(Path directory) throws IOException, GeneralSecurityException {
        Files.createDirectories(directory);
        Workplace workplace = new Workplace(directory.toAbsolutePath());
        CertificateAuthority authority = CertificateAuthority.root("Root of the benchmark");
        String names = "*." + Destination.PARENT_DOMAIN;
        HeldCertificate sink = authority.issue(new Request("CN=" + names).dnsName(names));
        KeyStore keys = emptyStore();
        keys.setKeyEntry("sink", sink.key(), SinkTls.PASSWORD, sink.chain().toArray(Certificate[]::new));
        store(keys, workplace.sinkKeys());
        KeyStore roots = emptyStore();
        roots.setCertificateEntry("root", authority.certificate());
        store(roots, workplace.rootsStore());
        Files.writeString(
                workplace.rootsPem(),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                                .encodeToString(authority.certificate().getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
        Files.writeString(
                workplace.hosts(),
                Destination.all().stream()
                        .map(destination -> destination.ipAddress() + " " + destination.mailHost() + "\n")
                        .collect(Collectors.joining("", "127.0.0.1 localhost sender.example\n", "")));
        Files.writeString(
                workplace.policy(),
                "<tlsEnforcement>\n  <domain name=\"" + Destination.PARENT_DOMAIN + "\"/>\n</tlsEnforcement>\n");
        return workplace;
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static void store(KeyStore store, Path file) throws IOException, GeneralSecurityException {
        try (OutputStream output = Files.newOutputStream(file)) {
            store.store(output, SinkTls.PASSWORD);
        }
    }

    Path sinkKeys() {
        return directory.resolve("sink.p12");
    }

    Path rootsStore() {
        return directory.resolve("roots.p12");
    }

    Path rootsPem() {
        return directory.resolve("roots.pem");
    }

    Path policy() {
        return directory.resolve("tls-enforcement.xml");
    }

    /** Names and addresses of the mail hosts, for a JVM's own resolver. */
    Path hosts() {
        return directory.resolve("hosts");
    }

    /** The class path of this process, but with the drop-in jar in the place of the classes that it was made of. */
    static List<String> classPathWithJar(Path classes, Path jar) {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).equals(classes) ? jar.toString() : entry)
                .toList();
    }
}
