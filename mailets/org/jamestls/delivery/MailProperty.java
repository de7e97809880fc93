package org.jamestls.delivery;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The {@code mail.*} properties that James passes to JavaMail and that are accepted here. Each stands for a parameter of
 * the mailet, or takes the values that weaken nothing, or has no effect. Every other property stops start-up: some of
 * them would switch off what this mailet exists for. {@code mail.smtps.*} means the same as {@code mail.smtp.*}: James
 * reads the one or the other as {@code sslEnable} says, and here there is one protocol.
 */
enum MailProperty {
    TIMEOUT("mail.smtp.timeout", Meaning.sameAs("timeout")),
    CONNECTION_TIMEOUT("mail.smtp.connectiontimeout", Meaning.sameAs("connectionTimeout")),
    LOCAL_HOST("mail.smtp.localhost", Meaning.sameAs("heloName")),
    LOCAL_ADDRESS("mail.smtp.localaddress", Meaning.sameAs("bind")),
    SEND_PARTIAL("mail.smtp.sendpartial", Meaning.sameAs("sendpartial")),
    STARTTLS_ENABLE("mail.smtp.starttls.enable", Meaning.only("true")),
    STARTTLS_REQUIRED("mail.smtp.starttls.required", Meaning.only("true", "false")),
    SSL_ENABLE("mail.smtp.ssl.enable", Meaning.only("true", "false")),
    CHECK_SERVER_IDENTITY("mail.smtp.ssl.checkserveridentity", Meaning.only("true")),
    EHLO("mail.smtp.ehlo", Meaning.only("true")),
    MAIL_DEBUG("mail.debug", Meaning.withoutEffect("each connection attempt is a line of the log anyway")),
    FROM("mail.smtp.from", Meaning.withoutEffect("the sender is the mail's own, as in RemoteDelivery")),
    AUTH("mail.smtp.auth", Meaning.withoutEffect("gatewayUsername decides")),
    ALLOW_8_BIT("mail.smtp.allow8bitmime", Meaning.withoutEffect("8BITMIME is used where a mail host offers it")),
    CHUNK_SIZE("mail.smtp.chunksize", Meaning.withoutEffect("the size of chunks is chosen here")),
    WRITE_TIMEOUT("mail.smtp.writetimeout", Meaning.withoutEffect("timeout limits writing too")),
    QUIT_WAIT("mail.smtp.quitwait", Meaning.withoutEffect("connections are ended as RFC 5321 has it")),
    USE_RSET("mail.smtp.userset", Meaning.withoutEffect("whether a connection is alive is seen to here")),
    NOOP_STRICT("mail.smtp.noop.strict", Meaning.withoutEffect("NOOP is not sent")),
    REPORT_SUCCESS("mail.smtp.reportsuccess", Meaning.withoutEffect("onSuccess is told of every success"));

    private static final String PREFIX = "mail.";

    private final String property;
    private final Meaning meaning;

    MailProperty(String property, Meaning meaning) {
        this.property = property;
        this.meaning = meaning;
    }

    /** What a property says here; {@code values} are those accepted, or none where any is. */
    private record Meaning(Optional<String> parameter, List<String> values, Optional<String> noEffect) {
        static Meaning sameAs(String parameter) {
            return new Meaning(Optional.of(parameter), List.of(), Optional.empty());
        }

        static Meaning only(String... values) {
            return new Meaning(Optional.empty(), List.of(values), Optional.empty());
        }

        static Meaning withoutEffect(String reason) {
            return new Meaning(Optional.empty(), List.of(), Optional.of(reason));
        }
    }

    static boolean isMailProperty(String name) {
        return name.startsWith(PREFIX);
    }

    /** The value of the property that stands for a parameter. */
    static Optional<String> standingFor(String parameter, Parameters parameters) throws InvalidParameterException {
        return Arrays.stream(values())
                .filter(property -> property.meaning.parameter().equals(Optional.of(parameter)))
                .findFirst()
                .orElseThrow()
                .value(parameters);
    }

    Optional<String> value(Parameters parameters) throws InvalidParameterException {
        return parameters.text(property, overSmtps());
    }

    boolean isTrue(Parameters parameters) throws InvalidParameterException {
        return value(parameters).filter("true"::equals).isPresent();
    }

    private String overSmtps() {
        return property.replace("mail.smtp.", "mail.smtps.");
    }

    /**
     * Refuses every {@code mail.*} property among the parameters that could weaken a policy or is not known.
     *
     * @return what start-up says about those without effect
     */
    static List<StartUpNotice> check(Parameters parameters) throws InvalidParameterException {
        List<StartUpNotice> notices = new ArrayList<>();
        for (String name : parameters.names()) {
            if (isMailProperty(name)) {
                MailProperty found = find(name);
                found.checkValue(name, parameters);
                found.meaning.noEffect().ifPresent(reason -> notices.add(StartUpNotice.withoutEffect(name, reason)));
            }
        }
        return notices;
    }

    private static MailProperty find(String name) throws InvalidParameterException {
        return Arrays.stream(values())
                .filter(property ->
                        property.property.equals(name) || property.overSmtps().equals(name))
                .findFirst()
                .orElseThrow(() -> new InvalidParameterException(name
                        + " is not accepted: it could weaken a TLS policy or has no meaning here; accepted are "
                        + accepted()));
    }

    private void checkValue(String name, Parameters parameters) throws InvalidParameterException {
        String value = parameters.text(name).orElseThrow();
        if (!meaning.values().isEmpty() && !meaning.values().contains(value)) {
            throw new InvalidParameterException(name + "=" + value + " is not accepted; write "
                    + String.join(" or ", meaning.values()) + " or leave it out");
        }
    }

    private static String accepted() {
        List<MailProperty> all = List.of(values());
        return all.stream().map(property -> property.property).collect(Collectors.joining(", "));
    }
}
