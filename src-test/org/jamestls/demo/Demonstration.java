package org.jamestls.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.mail.MessagingException;
import javax.mail.internet.MimeMessage;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.TerminalFailureException;
import org.jamestls.cli.NameServer;
import org.jamestls.testing.CertificateAuthority;

/**
 * The jar in a real James server: submits mail, watches receiving servers and the sender's mailbox, and prints one line
 * per case. Ends non-zero when a case fails.
 *
 * <p>The waits of the sample's {@code delayTime} stay as they are: as an operator can, the demonstration orders James over
 * webadmin to retry at once.
 */
public final class Demonstration {

    private static final Duration LONGEST_RUN = Duration.ofSeconds(110);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(45);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Pattern MAX_RETRIES = Pattern.compile("<maxRetries>(\\d+)</maxRetries>");
    private static final List<String> OUTGOING_QUEUES = List.of("outgoing-tls", "outgoing");
    private static final List<String> QUEUES = List.of("spool", "outgoing-tls", "outgoing");
    private static final String PASSWORD = "secret";

    private final WorkingDirectory directory;
    private final Ports ports;
    private final Cases cases;
    private final MailHosts hosts;
    private final Map<DemoCase, Mailbox> mailboxes = new LinkedHashMap<>();
    private final Map<DemoCase, List<Bounce>> bounces = new LinkedHashMap<>();
    private final CommandLine commandLine;

    private Demonstration(
            WorkingDirectory directory, Ports ports, MailHosts hosts, Cases cases, CommandLine commandLine) {
        this.directory = directory;
        this.commandLine = commandLine;
        this.ports = ports;
        this.hosts = hosts;
        this.cases = cases;
    }

    /** @param arguments the project's directory, the jar, the directory to work in, and the command line's jar */
    public static void main(String... arguments) throws Exception {
        endAfter(LONGEST_RUN);
        System.exit(
                passes(Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2]), Path.of(arguments[3]))
                        ? 0
                        : 1);
    }

    private static boolean passes(Path project, Path jar, Path root, Path commandLineJar) throws Exception {
        try {
            return run(WorkingDirectory.create(project, root), jar, commandLineJar);
        } catch (IOException | IllegalStateException | ConditionTimeoutException | TerminalFailureException e) {
            System.out.println("FAIL  the demonstration came to no end: " + e.getMessage());
            throw e;
        }
    }

    private static void endAfter(Duration limit) {
        Thread watchdog = new Thread(
                () -> {
                    try {
                        Thread.sleep(limit.toMillis());
                        System.out.println("FAIL  the demonstration took longer than " + limit.toSeconds() + " s");
                    } catch (InterruptedException e) {
                        System.out.println("FAIL  the demonstration was interrupted");
                    }
                    System.exit(1);
                },
                "watchdog");
        watchdog.setDaemon(true);
        watchdog.start();
    }

    private static boolean run(WorkingDirectory directory, Path jar, Path commandLineJar) throws Exception {
        Ports ports = Ports.find();
        CertificateAuthority authority = CertificateAuthority.root("The demonstration's root");
        String mailetContainer = Files.readString(directory.shipped("mailetcontainer.xml"));
        try (MailHosts hosts = new MailHosts(ports.mailHosts())) {
            Cases cases = Cases.prepare(hosts, authority, 1 + maxRetries(mailetContainer));
            directory.write(
                    ShippedConfiguration.mailetContainer(mailetContainer, ports.mailHosts()),
                    "conf",
                    "mailetcontainer.xml");
            directory.write(
                    ShippedConfiguration.policy(
                            Files.readString(directory.shipped("tls-enforcement.xml")), cases.routes()),
                    "conf",
                    "tls-enforcement.xml");
            directory.writeHostSettings(Map.of(
                    "smtpPort", ports.smtp(),
                    "pop3Port", ports.pop3(),
                    "webAdminPort", ports.webAdmin(),
                    "localDomain", Cases.LOCAL_DOMAIN));
            directory.writeTrustStore(authority.certificate());
            directory.writeTrustedRootPem(authority.certificate());
            directory.writeDnsRecords(hosts.dnsRecords());
            directory.installJar(jar);
            introduce(directory, jar, cases.routes().size());
            return new Demonstration(directory, ports, hosts, cases, new CommandLine(commandLineJar, directory.root()))
                    .run();
        }
    }

    private static void introduce(WorkingDirectory directory, Path jar, int routes) throws IOException {
        System.out.println(directory.nameOfJames() + " on Java " + System.getProperty("java.version") + ", with "
                + jar.getFileName() + " in extensions-jars/ alone.");
        System.out.println("Changed in conf/: smtpPort, and the static route of " + ShippedConfiguration.ROUTED_DOMAIN
                + ", whose entry is repeated under " + (routes - 1) + " more names.");
        System.out.println("The waits of delayTime are unchanged: the retries are ordered over webadmin.");
        System.out.println("Configuration, log, transcripts and bounces: " + directory.root());
        System.out.println();
    }

    private static int maxRetries(String mailetContainer) {
        Matcher matcher = MAX_RETRIES.matcher(mailetContainer);
        if (!matcher.find()) {
            throw new IllegalStateException("the sample mailetcontainer.xml has no maxRetries");
        }
        return Integer.parseInt(matcher.group(1));
    }

    private boolean run() throws IOException, InterruptedException, MessagingException {
        try (JamesProcess james = JamesProcess.start(directory)) {
            james.awaitListening(ports.webAdmin());
            james.awaitListening(ports.smtp());
            submitAll();
            awaitOutcomes();
            for (DemoCase demoCase : cases.all()) {
                readBounces(demoCase);
            }
        }
        List<CommandRun> commands = List.of(explain(), probe());
        // James has ended: nothing can arrive any more, a second copy of a mail included.
        leaveEvidence();
        return new Report(directory.path("james.log")).print(cases.all(), bounces, commands);
    }

    private CommandRun explain() throws IOException, InterruptedException {
        return commandLine.run(
                "explain: which policy holds, and from which line",
                List.of("explain", "--policy", "conf/tls-enforcement.xml", "someone@" + Cases.REPORTED_DOMAIN),
                List.of(
                        "someone@" + Cases.REPORTED_DOMAIN + ": report only, by its own entry; what would have been"
                                + " refused is told, and the mail delivered",
                        "conf/tls-enforcement.xml:",
                        "mailHost               *.mail." + Cases.REPORTED_DOMAIN));
    }

    /** Asks the hosts that mail was just sent to. */
    private CommandRun probe() throws IOException, InterruptedException {
        try (NameServer dns = new NameServer(hosts.dns())) {
            return commandLine.run(
                    "probe: says what delivery did, and sends nothing",
                    List.of(
                            "probe",
                            "--policy",
                            "conf/tls-enforcement.xml",
                            "--trusted-roots",
                            directory.trustedRootPem().getFileName().toString(),
                            "--dns",
                            dns.address(),
                            "--smtp-port",
                            Integer.toString(ports.mailHosts()),
                            Cases.STRONG_DOMAIN,
                            Cases.REPORTED_DOMAIN),
                    List.of(
                            Cases.STRONG_DOMAIN + ": delivered, 1 of 1 address satisfies",
                            Cases.REPORTED_DOMAIN + ": delivered, and would have been refused: report only, 0 of 1"
                                    + " address satisfies",
                            "WOULD HAVE BEEN REFUSED: ",
                            "<mailHost>mx." + Cases.STRONG_DOMAIN + "</mailHost>",
                            "2 names: 2 delivered, 0 not; 1 of the delivered would have been refused"));
        }
    }

    private void submitAll() throws IOException, InterruptedException {
        WebAdmin webAdmin = new WebAdmin(ports.webAdmin());
        Submission submission = new Submission(ports.smtp());
        webAdmin.addDomain(Cases.LOCAL_DOMAIN);
        for (DemoCase demoCase : cases.all()) {
            webAdmin.addUser(demoCase.sender(), PASSWORD);
            mailboxes.put(demoCase, new Mailbox(demoCase.sender(), PASSWORD, ports.pop3()));
            submission.submit(demoCase.sender(), demoCase.recipients(), demoCase.title());
        }
    }

    private void awaitOutcomes() {
        WebAdmin webAdmin = new WebAdmin(ports.webAdmin());
        try {
            Awaitility.await().atMost(LONGEST_WAIT).pollInterval(POLL).until(() -> {
                for (String queue : OUTGOING_QUEUES) {
                    webAdmin.retryNow(queue);
                }
                return allSettled() && allEmpty(webAdmin);
            });
        } catch (ConditionTimeoutException e) {
            System.out.println("Not every mail came to its end within " + LONGEST_WAIT.toSeconds() + " s.");
        }
    }

    private boolean allSettled() throws IOException, MessagingException {
        boolean all = true;
        for (DemoCase demoCase : cases.all()) {
            if (!settled(demoCase)) {
                readBounces(demoCase);
                all &= settled(demoCase);
            }
        }
        return all;
    }

    private boolean settled(DemoCase demoCase) {
        List<Bounce> received = bounces.getOrDefault(demoCase, List.of());
        return demoCase.journeys().stream().allMatch(journey -> journey.settled(received));
    }

    private static boolean allEmpty(WebAdmin webAdmin) throws IOException, InterruptedException {
        for (String queue : QUEUES) {
            if (webAdmin.sizeOf(queue) > 0) {
                return false;
            }
        }
        return true;
    }

    private void readBounces(DemoCase demoCase) throws IOException, MessagingException {
        List<Bounce> read = new ArrayList<>();
        for (MimeMessage message : mailboxes.get(demoCase).messages()) {
            read.add(Bounce.read(message));
        }
        bounces.put(demoCase, read);
    }

    private void leaveEvidence() throws IOException {
        for (MailServer server : hosts.servers()) {
            directory.write(server.transcript(), "transcripts", server.host().replace(':', '_') + ".txt");
        }
        for (Map.Entry<DemoCase, List<Bounce>> entry : bounces.entrySet()) {
            for (Bounce bounce : entry.getValue()) {
                directory.write(bounce.source(), "bounces", entry.getKey().sender() + ".eml");
            }
        }
    }
}
