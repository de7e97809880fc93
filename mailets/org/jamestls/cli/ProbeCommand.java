package org.jamestls.cli;

import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jamestls.certificate.RootFiles;
import org.jamestls.certificate.TrustedRoots;
import org.jamestls.policy.DomainName;
import org.jamestls.policy.DomainPolicy;
import org.jamestls.policy.HostAndPort;
import org.jamestls.policy.InvalidValueException;
import org.jamestls.policy.OtherDomains;
import org.jamestls.policy.PolicyTable;
import org.jamestls.policy.RecipientDomain;
import org.jamestls.policyfile.LocatedPolicies;
import org.jamestls.policyfile.PolicyFileException;
import org.jamestls.routing.Resolver;
import org.jamestls.routing.Router;
import org.jamestls.smtp.ClientSettings;
import org.jamestls.smtp.TimeLimits;
import org.jamestls.tls.BouncyCastleTlsClient;
import org.jamestls.tls.KeyExchange;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code probe}: rehearses deliveries. */
@Command(
        name = "probe",
        description = {
            "Does what delivery does, up to the verdict: finds the mail hosts, connects to every address, does STARTTLS"
                    + " and verifies what is presented. No mail is sent.",
            "Without names, every domain of the policy file is probed. Without any policy file, each domain is judged as"
                    + " <domain name=\"...\"/> would have it: strong validation."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:mail to every name would be delivered",
            "1:mail to a name would not be delivered, or an address does not satisfy and --strict is given",
            "2:the policy file is rejected or a file cannot be read, or wrong usage"
        })
final class ProbeCommand implements Callable<Integer> {

    private static final int MOST_PARALLEL = 256;

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Mixin
    private PolicyOption policy;

    @Mixin
    private NamesOptions names;

    @Option(
            names = "--to",
            paramLabel = "HOST[:PORT]",
            description = "Go to this mail host, whatever the route is; port 25 by default.")
    private String to;

    @Option(
            names = "--dns",
            paramLabel = "HOST[:PORT]",
            description = "Ask this name server instead of the system's; port 53 by default.")
    private String dns;

    @Option(names = "--ipv6", description = "Try IPv6 addresses of mail hosts too, which James does not look up.")
    private boolean ipv6;

    @Option(
            names = "--trusted-roots",
            paramLabel = "FILE",
            converter = FileArgument.class,
            description = "The roots of strong validation, as the mailet's trustedRoots; the JDK's by default.")
    private Path trustedRoots;

    @Option(
            names = "--additional-roots",
            paramLabel = "FILE",
            converter = FileArgument.class,
            description = "Roots that are trusted besides, as the mailet's additionalRoots.")
    private Path additionalRoots;

    @Option(
            names = "--key-exchange",
            paramLabel = "WHICH",
            defaultValue = "hybrid",
            description = "hybrid or classical, as the mailet's keyExchange; ${DEFAULT-VALUE} by default.")
    private KeyExchange keyExchange;

    @Option(
            names = "--smtp-port",
            paramLabel = "PORT",
            defaultValue = "25",
            description = "The port of MX hosts, as the mailet's smtpPort; ${DEFAULT-VALUE} by default.")
    private int smtpPort;

    @Option(
            names = "--helo",
            paramLabel = "NAME",
            description = "The name in EHLO, as the mailet's heloName; this machine's by default.")
    private String helo;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "8",
            description = "How many connections at once, 1 to 256; ${DEFAULT-VALUE} by default.")
    private int parallel;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "15",
            description = "How long a connection, each reply and the handshake may take, 1 to 600; ${DEFAULT-VALUE} by"
                    + " default.")
    private int timeout;

    @Option(names = "--strict", description = "One address that does not satisfy counts: the exit code is 1.")
    private boolean strict;

    @Override
    public Integer call() throws PolicyFileException, UnusableInputException {
        requireBetween("--parallel", parallel, 1, MOST_PARALLEL);
        requireBetween("--timeout", timeout, 1, 600);
        requireBetween("--smtp-port", smtpPort, 1, 65535);
        names.requireOr(policy, spec);
        Optional<LocatedPolicies> policies = policy.readIfAny();
        List<Subject> subjects = policies.isPresent() ? names.subjectsOr(policies.get()) : names.subjects();
        List<Probe> probes = probe(policies.map(LocatedPolicies::table).orElseGet(() -> defaults(subjects)), subjects);
        PrintWriter out = spec.commandLine().getOut();
        if (common.json()) {
            out.println(Json.write(probes.stream().map(Probe::json).toList()));
        } else {
            new ProbeReport(probes).print(out);
        }
        out.flush();
        return probes.stream().allMatch(strict ? Probe::allSatisfied : Probe::delivered)
                ? ExitCode.FINE
                : ExitCode.NOT_FINE;
    }

    private void requireBetween(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ParameterException(
                    spec.commandLine(), option + " is " + value + "; write a number from " + least + " to " + most);
        }
    }

    /** What a file would say that lists the domains and nothing else. */
    private static PolicyTable defaults(List<Subject> subjects) {
        Map<DomainName, DomainPolicy> policies = new LinkedHashMap<>();
        for (Subject subject : subjects) {
            if (subject.domain() instanceof RecipientDomain.Named named) {
                policies.put(named.name(), DomainPolicy.withDefaults(named.name()));
            }
        }
        return PolicyTable.of(new ArrayList<>(policies.values()), OtherDomains.OPPORTUNISTIC);
    }

    private List<Probe> probe(PolicyTable table, List<Subject> subjects) throws UnusableInputException {
        Clock clock = Clock.systemUTC();
        Duration limit = Duration.ofSeconds(timeout);
        TrustedRoots roots =
                new RootFiles(Optional.ofNullable(trustedRoots), Optional.ofNullable(additionalRoots)).load();
        Router router = new Router(resolver(), Optional.empty(), smtpPort);
        try (Prober prober = new Prober(
                        table,
                        router,
                        new BouncyCastleTlsClient(roots, keyExchange, clock, limit),
                        new ClientSettings(heloName(), Optional.empty(), TimeLimits.all(limit), false),
                        hostAndPort("--to", to, HostAndPort.SMTP_PORT),
                        clock,
                        parallel);
                Progress progress =
                        new Progress(Progress.onTerminal(), spec.commandLine().getErr(), subjects.size())) {
            return prober.probe(subjects, progress);
        }
    }

    private Resolver resolver() throws UnusableInputException {
        Optional<HostAndPort> server = hostAndPort("--dns", dns, DnsResolver.DNS_PORT);
        return server.isPresent() ? DnsResolver.of(server.get(), ipv6) : DnsResolver.ofSystem(ipv6);
    }

    private Optional<HostAndPort> hostAndPort(String option, String written, int defaultPort) {
        try {
            return Optional.ofNullable(written).map(text -> HostAndPort.parse(text, defaultPort));
        } catch (InvalidValueException e) {
            throw new ParameterException(spec.commandLine(), option + ": " + e.getMessage());
        }
    }

    private String heloName() {
        if (helo != null) {
            return helo;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
