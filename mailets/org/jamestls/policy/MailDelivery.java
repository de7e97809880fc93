package org.jamestls.policy;

/** How mail reaches a domain: {@code <mailDelivery>} with its {@code <staticRoute>}. */
public sealed interface MailDelivery {

    /** The domain's normal way in: its MX records (RFC 5321 §5.1), or the mailet's gateway where one is set. */
    record InboundRoute() implements MailDelivery {
        @Override
        public String toString() {
            return "inboundRoute";
        }
    }

    /**
     * One fixed mail host. It is looked up by address alone, never by MX.
     *
     * @param mailHost where the connection goes
     */
    record StaticRoute(HostAndPort mailHost) implements MailDelivery {

        /**
         * Parses a {@code <staticRoute>}; the default port is 25.
         *
         * @throws InvalidValueException as {@link HostAndPort#parse} does
         */
        public static StaticRoute parse(String text) {
            return new StaticRoute(HostAndPort.parse(text, HostAndPort.SMTP_PORT));
        }

        @Override
        public String toString() {
            return "staticRoute " + mailHost;
        }
    }
}
