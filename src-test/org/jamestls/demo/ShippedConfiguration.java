package org.jamestls.demo;

import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The project's samples with ports, addresses and domain names changed, and nothing else.
 *
 * <p>The sample policy file has one entry with a static route. Where the demonstration needs more, the entry is repeated
 * under other names.
 */
final class ShippedConfiguration {

    /** The sample's domain with a static route. */
    static final String ROUTED_DOMAIN = "partner.example";

    private static final String PORT = "<smtpPort>25</smtpPort>";
    private static final Pattern ROUTED_ENTRY =
            Pattern.compile("(?s) *<domain name=\"" + Pattern.quote(ROUTED_DOMAIN) + "\">.*?</domain>\n");
    private static final Pattern ROUTE = Pattern.compile("<staticRoute>[^<]*</staticRoute>");
    private static final Pattern COMMENT = Pattern.compile("(?s)\n *<!--.*?-->\n");

    private ShippedConfiguration() {}

    /** @param port where the hosts that MX records name take mail */
    static String mailetContainer(String sample, int port) {
        if (!sample.contains(PORT)) {
            throw new IllegalStateException("the sample mailetcontainer.xml has no " + PORT);
        }
        return sample.replace(PORT, PORT.replace("25", Integer.toString(port)));
    }

    /**
     * @param routes the static route of each domain; the sample's own domain is one of them
     */
    static String policy(String sample, Map<String, String> routes) {
        MatchResult entry = ROUTED_ENTRY
                .matcher(sample)
                .results()
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the sample policy has no entry of " + ROUTED_DOMAIN));
        StringBuilder entries = new StringBuilder(withRoute(entry.group(), routes.get(ROUTED_DOMAIN)));
        String brief = COMMENT.matcher(entry.group()).replaceAll("\n").replaceAll("\n+", "\n");
        routes.forEach((domain, route) -> {
            if (!domain.equals(ROUTED_DOMAIN)) {
                entries.append("\n").append(withRoute(brief.replace(ROUTED_DOMAIN, domain), route));
            }
        });
        return sample.substring(0, entry.start()) + entries + sample.substring(entry.end());
    }

    private static String withRoute(String entry, String route) {
        return ROUTE.matcher(entry).replaceFirst("<staticRoute>" + route + "</staticRoute>");
    }
}
