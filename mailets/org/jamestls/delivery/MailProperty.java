package org.jamestls.delivery;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The {@code mail.*} properties that James passes to JavaMail and that mean the same here. Each stands for a parameter
 * of the mailet, or must have the one value that weakens nothing. Every other property stops start-up: some of them
 * would switch off what this mailet exists for.
 */
enum MailProperty {
    TIMEOUT("mail.smtp.timeout", Meaning.sameAs("timeout")),
    CONNECTION_TIMEOUT("mail.smtp.connectiontimeout", Meaning.sameAs("connectionTimeout")),
    LOCAL_HOST("mail.smtp.localhost", Meaning.sameAs("heloName")),
    LOCAL_ADDRESS("mail.smtp.localaddress", Meaning.sameAs("bind")),
    STARTTLS_ENABLE("mail.smtp.starttls.enable", Meaning.only("true")),
    CHECK_SERVER_IDENTITY("mail.smtp.ssl.checkserveridentity", Meaning.only("true")),
    EHLO("mail.smtp.ehlo", Meaning.only("true")),
    MAIL_DEBUG("mail.debug", Meaning.only("false"));

    private static final String PREFIX = "mail.";

    private final String property;
    private final Meaning meaning;

    MailProperty(String property, Meaning meaning) {
        this.property = property;
        this.meaning = meaning;
    }

    private record Meaning(Optional<String> parameter, Optional<String> onlyValue) {
        static Meaning sameAs(String parameter) {
            return new Meaning(Optional.of(parameter), Optional.empty());
        }

        static Meaning only(String value) {
            return new Meaning(Optional.empty(), Optional.of(value));
        }
    }

    static boolean isMailProperty(String name) {
        return name.startsWith(PREFIX);
    }

    /** The property that stands for a parameter. */
    static Optional<String> standingFor(String parameter) {
        return Arrays.stream(values())
                .filter(property -> property.meaning.parameter().equals(Optional.of(parameter)))
                .map(property -> property.property)
                .findFirst();
    }

    /** Refuses every {@code mail.*} property among the parameters that could weaken a policy or is not known. */
    static void check(Parameters parameters) throws InvalidParameterException {
        for (String name : parameters.names()) {
            if (isMailProperty(name)) {
                find(name).checkValue(parameters);
            }
        }
    }

    private static MailProperty find(String name) throws InvalidParameterException {
        return Arrays.stream(values())
                .filter(property -> property.property.equals(name))
                .findFirst()
                .orElseThrow(() -> new InvalidParameterException(name
                        + " is not accepted: it could weaken a TLS policy or has no meaning here; accepted are "
                        + accepted()));
    }

    private void checkValue(Parameters parameters) throws InvalidParameterException {
        String value = parameters.text(property).orElseThrow();
        if (meaning.onlyValue().filter(only -> !only.equals(value)).isPresent()) {
            throw new InvalidParameterException(property + "=" + value + " is not accepted; write "
                    + meaning.onlyValue().get() + " or leave it out");
        }
    }

    private static String accepted() {
        List<MailProperty> all = List.of(values());
        return all.stream().map(property -> property.property).collect(Collectors.joining(", "));
    }
}
