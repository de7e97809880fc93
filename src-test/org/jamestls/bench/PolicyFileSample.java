package org.jamestls.bench;

/** A policy file as a provider might have it: most domains with the defaults, the others with every kind of setting. */
final class PolicyFileSample {

    private PolicyFileSample() {}

    /** The name of a domain of the file, counted from 0. */
    static String domain(int i) {
        return "customer-" + i + (i % 3 == 0 ? ".example" : i % 3 == 1 ? ".mail.example" : ".co.example");
    }

    static String ofDomains(int count) {
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<tlsEnforcement>\n");
        for (int i = 0; i < count; i++) {
            xml.append("  <domain name=\"").append(domain(i)).append("\"").append(inside(i));
        }
        return xml.append("  <otherDomains>\n    <tls>opportunistic</tls>\n  </otherDomains>\n</tlsEnforcement>\n")
                .toString();
    }

    private static String inside(int i) {
        return switch (i % 10) {
            case 0, 1 ->
                ">\n    <trustedCommonNames>\n      <commonName>mx" + i
                        + ".hosting.example</commonName>\n      <commonName>*.hosting.example</commonName>\n"
                        + "    </trustedCommonNames>\n  </domain>\n";
            case 2 ->
                ">\n    <mailDelivery>staticRoute</mailDelivery>\n    <staticRoute>192.0.2." + i % 250
                        + ":2525</staticRoute>\n  </domain>\n";
            case 3 -> ">\n    <certificateValidation>relaxed</certificateValidation>\n  </domain>\n";
            case 4 ->
                ">\n    <!-- their list server has no certificate -->\n    <excludedSubDomains>\n      <subDomain>lists."
                        + domain(i) + "</subDomain>\n    </excludedSubDomains>\n  </domain>\n";
            case 5 ->
                ">\n    <certificateValidation>strong</certificateValidation>\n    <mailDelivery>staticRoute"
                        + "</mailDelivery>\n    <staticRoute>mx." + domain(i) + "</staticRoute>\n  </domain>\n";
            default -> "/>\n";
        };
    }
}
