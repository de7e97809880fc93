package org.jamestls.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jamestls.testing.CertificateAuthority;

@SuppressWarnings("try")
public final class Demonstration {
    private Demonstration() {}

    public static void main(String... arguments) throws Exception {
        WorkingDirectory directory = WorkingDirectory.create(Path.of(arguments[0]), Path.of(arguments[2]));
        Ports ports = Ports.find();
        directory.writeHostSettings(Map.of(
                "smtpPort",
                ports.smtp(),
                "pop3Port",
                ports.pop3(),
                "webAdminPort",
                ports.webAdmin(),
                "localDomain",
                "sender.example"));
        String mc = Files.readString(directory.shipped("mailetcontainer.xml"));
        mc = mc.replaceAll("(?s)<mailet match=\"org.jamestls.TlsEnforced.*?</mailet>", "");
        directory.write(mc, "conf", "mailetcontainer.xml");
        directory.writeTrustStore(CertificateAuthority.root("Root").certificate());
        directory.installJar(Path.of(arguments[1]));
        directory.writeDnsRecords(List.of(
                "ordinary.example MX mx.ordinary.example:" + ports.mailHosts(), "mx.ordinary.example A 127.0.0.2"));
        long t = System.nanoTime();
        try (JamesProcess james = JamesProcess.start(directory)) {
            james.awaitListening(ports.smtp());
            System.out.println((System.nanoTime() - t) / 1000000);
            WebAdmin w = new WebAdmin(ports.webAdmin());
            w.addDomain("sender.example");
            w.addUser("a@sender.example", "secret");
            new Submission(ports.smtp()).submit("a@sender.example", List.of("x@ordinary.example"), "hello");
            new java.net.ServerSocket(ports.mailHosts(), 5, java.net.InetAddress.getByName("127.0.0.2")).getLocalPort();
            for (int i = 0; i < 20; i++) {
                w.retryNow("outgoing");
                Thread.sleep(300);
                Mailbox m = new Mailbox("a@sender.example", "secret", ports.pop3());
                for (var x : m.messages()) {
                    x.writeTo(System.out);
                }
            }
        }
        System.out.println((System.nanoTime() - t) / 1000000);
    }
}
