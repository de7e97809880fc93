package org.jamestls.bench;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A mailet that takes part.
 *
 * @param portInMx whether it learns the port from the MX records, for want of a parameter
 */
record Contender(String name, String mailetClass, Map<String, String> parameters, boolean portInMx) {

    /** Of every James thread pool and of our connections: what RemoteDelivery has on two processors. */
    static final int LANES = 20;

    /** James's own, which checks the certificate through the JVM's trust store. */
    static Contender james() {
        return new Contender(
                "james",
                "org.apache.james.transport.mailets.RemoteDelivery",
                Map.of("startTLS", "true", "maxRetries", "0"),
                true);
    }

    /** Ours, which checks the certificate as the policy says: strong validation. */
    static Contender ours(Workplace workplace, int port) {
        return tlsRemoteDelivery("ours", workplace, port);
    }

    /** Ours as it was before a change. */
    static Contender before(Workplace workplace, int port) {
        return tlsRemoteDelivery("before", workplace, port);
    }

    private static Contender tlsRemoteDelivery(String name, Workplace workplace, int port) {
        return new Contender(
                name,
                "org.jamestls.TlsRemoteDelivery",
                Map.of(
                        "policy",
                        "file://" + workplace.policy(),
                        "trustedRoots",
                        "file://" + workplace.rootsPem(),
                        "smtpPort",
                        String.valueOf(port),
                        "maxRetries",
                        "0",
                        "connectionIdleTime",
                        "1 second"), // no round begins with the connections of the one before
                false);
    }

    List<String> arguments(int port) {
        return Stream.concat(
                        Stream.of(mailetClass, portInMx ? String.valueOf(port) : "0"),
                        parameters.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue()))
                .toList();
    }

    /** The same for all: heap, collector, logging, trust, names. */
    List<String> jvmOptions(Workplace workplace, List<String> classPath) {
        Path log = workplace.directory().resolve(name + ".log");
        return List.of(
                "-Xms1g",
                "-Xmx2g",
                "-XX:+UseG1GC",
                "-Dreactor.schedulers.defaultBoundedElasticSize=" + LANES,
                "-Dlogback.configurationFile=org/jamestls/bench/logback-bench.xml",
                "-Dbench.log=" + log,
                "-Djdk.net.hosts.file=" + workplace.hosts(),
                "-Djavax.net.ssl.trustStore=" + workplace.rootsStore(),
                "-Djavax.net.ssl.trustStoreType=PKCS12",
                "-Djavax.net.ssl.trustStorePassword=" + String.valueOf(SinkTls.PASSWORD),
                "-cp",
                String.join(File.pathSeparator, classPath));
    }
}
