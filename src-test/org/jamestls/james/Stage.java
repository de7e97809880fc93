package org.jamestls.james;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jamestls.testing.CertificateAuthority;
import org.jamestls.testing.CertificateAuthority.Request;
import org.jamestls.testing.HeldCertificate;
import org.jamestls.testing.ReceivedMessage;
import org.jamestls.testing.ReceivingServer;
import org.jamestls.testing.Transcript;

/**
 * What surrounds the James of one case: certificate authorities, the DNS, mail hosts on loopback addresses that share a
 * port, and the working directory with policy and trusted roots.
 */
public final class Stage implements AutoCloseable {

    /** The authority that the mailet trusts. */
    public final CertificateAuthority trusted = CertificateAuthority.root("Trusted Root");

    /** An authority that it does not trust. */
    public final CertificateAuthority unknown = CertificateAuthority.root("Unknown Root");

    public final DeclaredDns dns = new DeclaredDns();

    private static final int MOST_PORTS_TRIED = 20;

    private final Path directory;
    private final QueueKind kind;
    private final List<TestQueues> queues = new ArrayList<>();
    private final int port;
    private final Map<String, ReceivingServer> hosts = new LinkedHashMap<>();
    private final Map<String, InetAddress> addresses = new HashMap<>();

    /** A stage whose mailets are on James's memory queue. */
    public Stage(Path directory) throws IOException {
        this(directory, QueueKind.MEMORY);
    }

    public Stage(Path directory, QueueKind kind) throws IOException {
        this.directory = directory;
        this.kind = kind;
        this.port = freePort();
        Files.createDirectories(directory.resolve("conf"));
        Files.writeString(directory.resolve("conf/roots.pem"), pem(trusted.certificate()));
        Optional<String> extension = Optional.ofNullable(System.getProperty("extension.jar"));
        if (extension.isPresent()) {
            Path folder = Files.createDirectories(directory.resolve("extensions-jars"));
            Files.createSymbolicLink(folder.resolve("james-tls-enforcement.jar"), Path.of(extension.get()));
        }
    }

    /** A port that is free on the address of the first mail host too, which another run's mail host may have. */
    private static int freePort() throws IOException {
        for (int attempt = 1; ; attempt++) {
            try (ServerSocket probe = new ServerSocket();
                    ServerSocket ofFirstHost = new ServerSocket()) {
                probe.bind(new InetSocketAddress("127.0.0.1", 0));
                ofFirstHost.bind(new InetSocketAddress("127.0.0.2", probe.getLocalPort()));
                return probe.getLocalPort();
            } catch (BindException e) {
                if (attempt == MOST_PORTS_TRIED) {
                    throw e;
                }
            }
        }
    }

    /** Writes the file of the trusted roots anew. */
    public void trust(CertificateAuthority authority) throws IOException {
        Files.writeString(directory.resolve("conf/roots.pem"), pem(authority.certificate()));
    }

    public static String pem(X509Certificate certificate) {
        try {
            return "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                            .encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The port of every mail host that the DNS names. */
    public int port() {
        return port;
    }

    /** Starts a mail host with an address of its own, which the DNS knows. */
    public ReceivingServer host(String name, ReceivingServer.Builder builder) {
        ReceivingServer server =
                builder.address(deserted(name).getHostAddress()).port(port).start();
        hosts.put(name, server);
        return server;
    }

    /** Declares a mail host with an address of its own, on which nobody listens until {@link #host} starts it. */
    public InetAddress deserted(String name) {
        InetAddress address = addresses.computeIfAbsent(name, any -> nextAddress());
        dns.address(name, address);
        return address;
    }

    private InetAddress nextAddress() {
        int number = addresses.size();
        byte[] octets = {127, 0, (byte) (number / 250), (byte) (number % 250 + 2)};
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts the only mail host of a domain, {@code mx.} and the domain. */
    public ReceivingServer mx(String domain, ReceivingServer.Builder builder) {
        ReceivingServer server = host("mx." + domain, builder);
        dns.mx(domain, "mx." + domain);
        return server;
    }

    /** Starts a mail host that the DNS does not know. */
    public ReceivingServer hidden(String label, ReceivingServer.Builder builder) {
        ReceivingServer server = builder.start();
        hosts.put(label, server);
        return server;
    }

    public static ReceivingServer.Builder presenting(HeldCertificate certificate) {
        return ReceivingServer.builder().certificate(certificate);
    }

    public ReceivingServer.Builder trustedFor(String host) {
        return presenting(trusted.issueFor(host));
    }

    /** A certificate that fails every check but one: it encrypts. */
    public static HeldCertificate worthless() {
        return CertificateAuthority.selfSigned(new Request("CN=elsewhere.example").expired());
    }

    public ReceivingServer server(String name) {
        return hosts.get(name);
    }

    public List<Transcript> transcripts() {
        return hosts.values().stream()
                .flatMap(server -> server.transcripts().stream())
                .toList();
    }

    /** How many messages arrived at all hosts together. */
    public int arrived() {
        return messages().size();
    }

    /** What arrived at all hosts together. */
    public List<ReceivedMessage> messages() {
        return hosts.values().stream()
                .flatMap(server -> server.messages().stream())
                .toList();
    }

    public void policy(String elements) throws IOException {
        Files.writeString(
                directory.resolve("conf/tls-enforcement.xml"), "<tlsEnforcement>" + elements + "</tlsEnforcement>");
    }

    /** Opens empty queues of this stage's kind, which end with the stage. */
    public TestQueues openQueues() throws Exception {
        return openQueues(kind);
    }

    /** Opens empty queues of a kind, which end with the stage. */
    public TestQueues openQueues(QueueKind which) throws Exception {
        TestQueues opened = which.open(Files.createTempDirectory(directory, "queues"));
        queues.add(opened);
        return opened;
    }

    /** Starts James with our mailet for all mail, on queues of its own. */
    public MailetContainer james(Map<String, String> parameters) throws Exception {
        return james(openQueues(), parameters);
    }

    /** Starts James with our mailet for all mail, on these queues, which outlive it. */
    public MailetContainer james(TestQueues onThese, Map<String, String> parameters) throws Exception {
        return MailetContainer.start(directory, dns, "All", withDefaults(parameters), onThese);
    }

    /** Starts James with our mailet behind our matcher. */
    public MailetContainer jamesWithMatcher(Map<String, String> parameters) throws Exception {
        return MailetContainer.start(directory, dns, withDefaults(parameters), openQueues());
    }

    public Path directory() {
        return directory;
    }

    private Map<String, String> withDefaults(Map<String, String> parameters) {
        Map<String, String> all = new HashMap<>(Map.of(
                "smtpPort", String.valueOf(port),
                "trustedRoots", "file://conf/roots.pem",
                "maxRetries", "0",
                "connectionIdleTime", "100",
                "connectionTimeout", "5000",
                "timeout", "10000"));
        all.putAll(parameters);
        all.putIfAbsent("messageTimeout", String.valueOf(2 * Integer.parseInt(all.get("timeout"))));
        return all;
    }

    public static String loopback(ReceivingServer server) {
        InetAddress address = server.address();
        return address.getHostAddress().indexOf(':') < 0
                ? address.getHostAddress()
                : "[" + address.getHostAddress() + "]";
    }

    @Override
    public void close() {
        hosts.values().forEach(ReceivingServer::close);
        queues.forEach(TestQueues::close);
    }
}
