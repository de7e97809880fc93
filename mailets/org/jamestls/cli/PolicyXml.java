package org.jamestls.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jamestls.policy.CertificateValidation;
import org.jamestls.policy.DomainPolicy;
import org.jamestls.policy.MailDelivery;
import org.jamestls.policy.MailHostPattern;

/** Policies as the policy file writes them. */
final class PolicyXml {

    private static final String INDENT = "  ";

    private PolicyXml() {}

    /** A whole file, its lines ended by LF. */
    static String file(Collection<DomainPolicy> policies) {
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<tlsEnforcement>\n");
        for (DomainPolicy policy : policies) {
            domain(policy).forEach(line -> xml.append(INDENT).append(line).append('\n'));
        }
        return xml.append("</tlsEnforcement>\n").toString();
    }

    /** One {@code <domain>}, line by line; what is the default is left out. */
    static List<String> domain(DomainPolicy policy) {
        List<String> settings = new ArrayList<>();
        if (policy.reportOnly()) {
            settings.add(element("mode", policy.mode().value()));
        }
        settings.addAll(list(
                "excludedSubDomains",
                "subDomain",
                policy.excludedSubDomains().stream().map(Object::toString)));
        settings.addAll(validation(policy.certificateValidation()));
        settings.addAll(delivery(policy.mailDelivery()));
        String start = "<domain name=\"" + policy.domain() + "\"";
        if (settings.isEmpty()) {
            return List.of(start + "/>");
        }
        List<String> lines = new ArrayList<>();
        lines.add(start + ">");
        settings.forEach(line -> lines.add(INDENT + line));
        lines.add("</domain>");
        return lines;
    }

    private static List<String> validation(CertificateValidation validation) {
        return validation instanceof CertificateValidation.Strong
                ? list(
                        "trustedCommonNames",
                        "commonName",
                        validation.trustedCommonNames().stream().map(Object::toString))
                : List.of(element("certificateValidation", validation.toString()));
    }

    private static List<String> delivery(MailDelivery delivery) {
        return delivery.fixedMailHost()
                .map(host -> List.of(element("mailDelivery", "staticRoute"), element("staticRoute", host.toString())))
                .orElseGet(() -> mailHosts(delivery.mailHosts()));
    }

    /** {@code <mailHosts>}, line by line; nothing where every mail host is allowed. */
    static List<String> mailHosts(Set<MailHostPattern> mailHosts) {
        return list("mailHosts", "mailHost", mailHosts.stream().map(Object::toString));
    }

    private static List<String> list(String name, String item, Stream<String> values) {
        List<String> items = values.map(value -> INDENT + element(item, value)).toList();
        if (items.isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add("<" + name + ">");
        lines.addAll(items);
        lines.add("</" + name + ">");
        return lines;
    }

    private static String element(String name, String value) {
        return "<" + name + ">" + escaped(value) + "</" + name + ">";
    }

    /** XML 1.0 §2.4: what could pass for markup. */
    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
