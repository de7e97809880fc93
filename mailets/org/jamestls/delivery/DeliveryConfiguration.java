package org.jamestls.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.mailet.MailetConfig;
import org.jamestls.mailetcontainer.TlsNames;
import org.jamestls.policy.FileLocation;
import org.jamestls.policy.HostAndPort;
import org.jamestls.policy.InvalidValueException;
import org.jamestls.policy.IpAddress;
import org.jamestls.policy.TlsRequirement;
import org.jamestls.routing.Gateway;
import org.jamestls.smtp.ConnectionLimits;
import org.jamestls.smtp.CredentialProtection;
import org.jamestls.smtp.Credentials;
import org.jamestls.smtp.SendTo;
import org.jamestls.smtp.TimeLimits;
import org.jamestls.tls.KeyExchange;
import org.jamestls.tls.TlsProvider;

/**
 * What the parameters of one {@code TlsRemoteDelivery} say.
 *
 * @param outgoing the queue that holds the mails
 * @param retries when a mail is tried again
 * @param maxDnsProblemRetries how often a domain without any DNS entry is tried again
 * @param limits how long a mail host may take
 * @param bounceProcessor the processor for mails that cannot be delivered; empty for a bounce of our own
 * @param onSuccess the processor for delivered mails
 * @param sendTo who gets a mail of whose recipients a mail host refuses some
 * @param usePriority whether a mail's priority decides about its place in the queue, and retries go behind all others
 * @param leastTls what connections for domains without a policy have to reach at least
 * @param heloName the name in EHLO; empty for James's default domain
 * @param bind the local address of connections
 * @param gateway the servers that take mail without a static route
 * @param policyUrl where the policy file is
 * @param trustedRootsUrl where the trusted roots are; empty for the JDK's
 * @param additionalRootsUrl where roots are that are trusted besides
 * @param smtpPort the port of hosts that the DNS names
 * @param keyExchange which key-exchange groups are offered
 * @param tlsProvider whose TLS is used
 * @param connections how many connections there may be, and how long each is kept open
 * @param chunking whether short messages go by BDAT to hosts that have shown that they know it
 * @param window how many mails are taken from the queue and held in memory
 * @param tour how far one attempt goes
 * @param notices what start-up says about the parameters
 */
public record DeliveryConfiguration(
        String outgoing,
        RetrySchedule retries,
        int maxDnsProblemRetries,
        TimeLimits limits,
        Optional<String> bounceProcessor,
        Optional<String> onSuccess,
        SendTo sendTo,
        boolean usePriority,
        TlsRequirement leastTls,
        Optional<String> heloName,
        Optional<IpAddress> bind,
        Optional<Gateway> gateway,
        String policyUrl,
        Optional<String> trustedRootsUrl,
        Optional<String> additionalRootsUrl,
        int smtpPort,
        KeyExchange keyExchange,
        TlsProvider tlsProvider,
        ConnectionLimits connections,
        boolean chunking,
        int window,
        TourLimits tour,
        List<StartUpNotice> notices) {

    public DeliveryConfiguration {
        notices = List.copyOf(notices);
    }

    public static final String DEFAULT_POLICY_URL = TlsNames.DEFAULT_POLICY;

    /** A queue of its own, so that no plain RemoteDelivery reads it. */
    public static final String DEFAULT_OUTGOING = TlsNames.DEFAULT_OUTGOING;

    private static final int DEFAULT_WINDOW = 1000;
    private static final int MOST = 10_000;

    private static final String GATEWAY_CERTIFICATE_VALIDATION = "gatewayCertificateValidation";

    private static final Set<String> KNOWN = Set.of(
            "outgoing",
            "delayTime",
            "maxRetries",
            "maxDnsProblemRetries",
            "timeout",
            Timeouts.GREETING,
            Timeouts.MESSAGE,
            "connectionTimeout",
            "connectiontimeout",
            "bounceProcessor",
            "onSuccess",
            "sendpartial",
            "loadBalancing",
            "usePriority",
            "heloName",
            "bind",
            "gateway",
            "gatewayPort",
            "gatewayUsername",
            "gatewayusername",
            "gatewayPassword",
            GATEWAY_CERTIFICATE_VALIDATION,
            "policy",
            "trustedRoots",
            "additionalRoots",
            "smtpPort",
            "keyExchange",
            "tlsProvider",
            "maxConnectionsPerHost",
            "maxConnections",
            "maxMailsPerConnection",
            "connectionIdleTime",
            "chunking",
            "queueWindow",
            TourLimits.MAIL_HOST_LIMIT,
            TourLimits.ADDRESS_LIMIT,
            "onMailetException",
            "onMatchException");

    private static final List<String> OF_GATEWAYS = List.of(
            "gatewayPort",
            "gatewayUsername",
            "gatewayusername",
            "gatewayPassword",
            GATEWAY_CERTIFICATE_VALIDATION,
            "loadBalancing");

    /**
     * Reads the parameters.
     *
     * @throws InvalidParameterException when one is unknown, does not parse, or would let mail out unenforced
     */
    public static DeliveryConfiguration read(MailetConfig config) throws InvalidParameterException {
        Parameters parameters = new Parameters(config);
        refuseUnknown(parameters);
        List<StartUpNotice> notices = new ArrayList<>(MailProperty.check(parameters));
        refuseWaysIntoTheClear(parameters);
        LeastTls leastTls = LeastTls.read(parameters);
        notices.addAll(leastTls.notices());
        notices.addAll(IneffectiveParameter.notices(parameters));
        notices.addAll(gatewayNotices(parameters));
        Timeouts timeouts = Timeouts.read(
                parameters,
                duration(parameters, "timeout", "timeout"),
                duration(parameters, "connectionTimeout", "connectiontimeout"));
        notices.addAll(timeouts.notices());
        return new DeliveryConfiguration(
                parameters.text("outgoing").orElse(DEFAULT_OUTGOING),
                retries(parameters),
                parameters
                        .parsed("maxDnsProblemRetries", text -> Parameters.wholeNumber(text, 0, Integer.MAX_VALUE))
                        .orElse(0),
                timeouts.limits(),
                parameters.text("bounceProcessor"),
                parameters.text("onSuccess"),
                sendTo(parameters),
                parameters.flag("usePriority").orElse(false),
                leastTls.requirement(),
                orProperty(parameters, "heloName", parameters.text("heloName")),
                bind(parameters),
                gateway(parameters),
                parameters.text("policy").map(FileLocation::url).orElse(DEFAULT_POLICY_URL),
                parameters.text("trustedRoots").map(FileLocation::url),
                parameters.text("additionalRoots").map(FileLocation::url),
                parameters
                        .parsed("smtpPort", text -> Parameters.wholeNumber(text, 1, 65535))
                        .orElse(HostAndPort.SMTP_PORT),
                parameters
                        .parsed("keyExchange", text -> Parameters.choice(text, KeyExchange.class))
                        .orElse(KeyExchange.HYBRID),
                tlsProvider(parameters),
                connections(parameters),
                parameters.flag("chunking").orElse(true),
                number(parameters, "queueWindow", DEFAULT_WINDOW),
                tour(parameters, timeouts.limits()),
                notices);
    }

    private static TlsProvider tlsProvider(Parameters parameters) throws InvalidParameterException {
        TlsProvider provider = parameters
                .parsed("tlsProvider", text -> Parameters.choice(text, TlsProvider.class))
                .orElse(TlsProvider.BOUNCYCASTLE);
        if (provider == TlsProvider.JDK && parameters.text("keyExchange").isPresent()) {
            throw new InvalidParameterException(
                    "keyExchange has no effect with tlsProvider=jdk, which offers its own groups; leave one of them out");
        }
        return provider;
    }

    private static ConnectionLimits connections(Parameters parameters) throws InvalidParameterException {
        ConnectionLimits usual = ConnectionLimits.DEFAULT;
        return new ConnectionLimits(
                number(parameters, "maxConnectionsPerHost", usual.perHost()),
                number(parameters, "maxConnections", usual.inAll()),
                number(parameters, "maxMailsPerConnection", usual.mails()),
                parameters.parsed("connectionIdleTime", Parameters::duration).orElse(usual.idle()),
                usual.age());
    }

    private static TourLimits tour(Parameters parameters, TimeLimits limits) throws InvalidParameterException {
        return TourLimits.of(
                parameters
                        .parsed(
                                TourLimits.MAIL_HOST_LIMIT,
                                text -> Parameters.wholeNumber(text, 1, TourLimits.MOST_MAIL_HOSTS))
                        .orElse(TourLimits.DEFAULT_MAIL_HOSTS),
                number(parameters, TourLimits.ADDRESS_LIMIT, TourLimits.DEFAULT_ADDRESSES),
                limits.reply(),
                limits.connect());
    }

    private static int number(Parameters parameters, String name, int usual) throws InvalidParameterException {
        return parameters
                .parsed(name, text -> Parameters.wholeNumber(text, 1, MOST))
                .orElse(usual);
    }

    /** What the worker takes on at once: no more mails to one destination than a host gets connections. */
    WorkerLimits workerLimits() {
        return new WorkerLimits(connections.perHost(), connections.inAll(), window);
    }

    private static void refuseUnknown(Parameters parameters) throws InvalidParameterException {
        for (String name : parameters.names()) {
            boolean known = KNOWN.contains(name)
                    || LeastTls.PARAMETERS.contains(name)
                    || IneffectiveParameter.isOne(name)
                    || MailProperty.isMailProperty(name);
            if (!known) {
                throw new InvalidParameterException(
                        name + " is not a parameter of TlsRemoteDelivery; README lists those that are");
            }
        }
    }

    /** After an exception of this mailet or its matcher the mail would walk on to the plain RemoteDelivery. */
    private static void refuseWaysIntoTheClear(Parameters parameters) throws InvalidParameterException {
        refuse(parameters, "onMailetException", "ignore");
        refuse(parameters, "onMatchException", "nomatch");
    }

    private static void refuse(Parameters parameters, String name, String value) throws InvalidParameterException {
        if (parameters.text(name).filter(value::equalsIgnoreCase).isPresent()) {
            throw new InvalidParameterException(name + "=" + value
                    + " would hand mail to the mailets that follow, past its TLS policy; write error or leave it out");
        }
    }

    private static RetrySchedule retries(Parameters parameters) throws InvalidParameterException {
        Optional<Integer> maxRetries =
                parameters.parsed("maxRetries", text -> Parameters.wholeNumber(text, 0, RetrySchedule.MOST_RETRIES));
        Optional<RetrySchedule> spelledOut =
                parameters.parsed("delayTime", delayTime -> RetrySchedule.of(Optional.of(delayTime), maxRetries));
        return spelledOut.orElseGet(() -> RetrySchedule.of(Optional.empty(), maxRetries));
    }

    private static Optional<Duration> duration(Parameters parameters, String name, String otherSpelling)
            throws InvalidParameterException {
        Optional<String> text = orProperty(parameters, name, parameters.text(name, otherSpelling));
        return text.isEmpty()
                ? Optional.empty()
                : Optional.of(Parameters.parse(name, text.get(), Parameters::milliseconds));
    }

    private static Optional<IpAddress> bind(Parameters parameters) throws InvalidParameterException {
        Optional<String> text = orProperty(parameters, "bind", parameters.text("bind"));
        return text.isEmpty() ? Optional.empty() : Optional.of(Parameters.parse("bind", text.get(), IpAddress::parse));
    }

    private static Optional<String> orProperty(Parameters parameters, String name, Optional<String> value)
            throws InvalidParameterException {
        Optional<String> property = MailProperty.standingFor(name, parameters);
        // James lets the property override the parameter
        return property.isPresent() ? property : value;
    }

    /** Deviation: RemoteDelivery's default is to send to nobody, at the price that one bad address delays all others. */
    private static SendTo sendTo(Parameters parameters) throws InvalidParameterException {
        Optional<String> text = orProperty(parameters, "sendpartial", parameters.text("sendpartial"));
        boolean partial = text.isEmpty() || Parameters.parse("sendpartial", text.get(), Parameters::trueOrFalse);
        return partial ? SendTo.ACCEPTED_RECIPIENTS : SendTo.ALL_OR_NONE;
    }

    private static List<StartUpNotice> gatewayNotices(Parameters parameters) throws InvalidParameterException {
        List<StartUpNotice> notices = new ArrayList<>();
        if (parameters.text("gateway").isEmpty()) {
            for (String name : OF_GATEWAYS) {
                if (parameters.text(name).isPresent()) {
                    notices.add(StartUpNotice.withoutEffect(name, "there is no gateway"));
                }
            }
        } else if (parameters.text("gatewayPassword").isPresent()) {
            notices.add(credentialNotice(protection(parameters)));
        } else if (parameters.text(GATEWAY_CERTIFICATE_VALIDATION).isPresent()) {
            notices.add(StartUpNotice.withoutEffect(
                    GATEWAY_CERTIFICATE_VALIDATION,
                    "a gateway without gatewayUsername gets what the policy file says"));
        }
        return notices;
    }

    private static StartUpNotice credentialNotice(CredentialProtection protection) {
        return switch (protection) {
            case STRONG ->
                new StartUpNotice(
                        false,
                        "the gateway gets credentials, and with them mail, over TLS with a verified certificate alone,"
                                + " also where the policy file asks for less");
            case RELAXED ->
                StartUpNotice.caution(GATEWAY_CERTIFICATE_VALIDATION + "=relaxed: where the policy file asks"
                        + " for no verified certificate, whoever answers at the gateway's address gets its user name and"
                        + " password; name the root of the gateway's certificate with <trustedRoots>, and leave the"
                        + " parameter out");
        };
    }

    private static CredentialProtection protection(Parameters parameters) throws InvalidParameterException {
        return parameters
                .parsed(GATEWAY_CERTIFICATE_VALIDATION, text -> Parameters.choice(text, CredentialProtection.class))
                .orElse(CredentialProtection.STRONG);
    }

    private static Optional<Gateway> gateway(Parameters parameters) throws InvalidParameterException {
        Optional<String> user = parameters.text("gatewayUsername", "gatewayusername");
        Optional<String> password = parameters.text("gatewayPassword");
        Optional<String> servers = parameters.text("gateway");
        Optional<Integer> port = parameters.parsed("gatewayPort", text -> Parameters.wholeNumber(text, 1, 65535));
        CredentialProtection protection = protection(parameters);
        boolean loadBalancing = parameters.flag("loadBalancing").orElse(true);
        if (servers.isEmpty()) {
            return Optional.empty();
        }
        if (user.isPresent() != password.isPresent()) {
            throw new InvalidParameterException(
                    "gatewayUsername and gatewayPassword go together; write both or leave both out");
        }
        List<HostAndPort> parsed =
                Parameters.parse("gateway", servers.get(), text -> hosts(text, port.orElse(HostAndPort.SMTP_PORT)));
        Optional<Credentials> credentials = user.map(name -> new Credentials(name, password.orElseThrow(), protection));
        return Optional.of(new Gateway(parsed, credentials, loadBalancing));
    }

    private static List<HostAndPort> hosts(String list, int defaultPort) {
        List<HostAndPort> hosts = new ArrayList<>();
        for (String entry : list.split(",", -1)) {
            if (entry.isBlank()) {
                throw new InvalidValueException("an entry of the list is empty; write host or host:port, with commas");
            }
            hosts.add(HostAndPort.parse(entry.strip(), defaultPort));
        }
        return hosts;
    }
}
