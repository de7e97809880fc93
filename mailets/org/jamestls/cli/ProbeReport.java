package org.jamestls.cli;

import java.io.PrintWriter;
import java.util.List;
import org.jamestls.policy.PolicyDecision;

/** Probes for people: each name with its mail hosts, and a table of all where there are several. */
final class ProbeReport {

    private final List<Probe> probes;

    ProbeReport(List<Probe> probes) {
        this.probes = probes;
    }

    void print(PrintWriter out) {
        for (Probe probe : probes) {
            print(probe, out);
            out.println();
        }
        if (probes.size() > 1) {
            printTable(out);
        }
        out.println(summary());
    }

    private static void print(Probe probe, PrintWriter out) {
        out.println(probe.subject().shown() + ": " + verdict(probe));
        probe.decision().ifPresent(decision -> out.println("  policy: " + policy(decision)));
        probe.addresses().stream()
                .flatMap(address -> new AddressProbeText(address).lines().stream())
                .forEach(out::println);
        probe.roots().ifPresent(proposal -> print(proposal, out));
        probe.proposal().ifPresent(proposal -> print(proposal, out));
        probe.mailHosts().ifPresent(proposal -> print(proposal, out));
    }

    private static String verdict(Probe probe) {
        if (probe.unroutable().isPresent()) {
            return "NOT DELIVERED: " + probe.unroutable().get();
        }
        String counted = probe.satisfiedAddresses() + " of " + probe.addresses().size()
                + (probe.addresses().size() == 1 ? " address satisfies" : " addresses satisfy");
        if (probe.reported()) {
            return "delivered, and would have been refused: report only, " + counted;
        }
        return (probe.delivered() ? "delivered, " : "NOT DELIVERED, ") + counted;
    }

    private static String policy(PolicyDecision decision) {
        return decision.origin() + ", "
                + decision.policy()
                        .map(policy -> (policy.reportOnly() ? "report only, " : "") + policy.certificateValidation()
                                + " validation, " + policy.mailDelivery())
                        .orElse("not enforced");
    }

    private static void print(RootsProposal proposal, PrintWriter out) {
        out.println("  To trust the authority, " + String.join(" or ", proposal.authorities())
                + ", name its root to the mailet");
        out.println("    " + RootsProposal.PARAMETER);
        out.println("  Beware: " + RootsProposal.CAUTION + ".");
    }

    private static void print(PolicyProposal proposal, PrintWriter out) {
        out.println("  To trust what was presented, let the entry of "
                + proposal.policy().domain() + " read");
        proposal.xml().lines().forEach(line -> out.println("    " + line));
        out.println("  Beware: " + proposal.caution() + ".");
    }

    private static void print(MailHostsProposal proposal, PrintWriter out) {
        out.println(
                "  To keep mail to the mail hosts that satisfied, whatever the DNS names later, write into the entry of "
                        + proposal.domain());
        proposal.xml().lines().forEach(line -> out.println("    " + line));
        out.println("  Beware: " + MailHostsProposal.CAUTION + ".");
    }

    private void printTable(PrintWriter out) {
        int width = probes.stream()
                .mapToInt(probe -> probe.subject().shown().length())
                .reduce("name".length(), Math::max);
        String format = "%-" + width + "s  %-13s  %-9s  %-9s  %s";
        out.println(row(format, "name", "mail is", "satisfied", "days left", "reason"));
        for (Probe probe : probes) {
            out.println(row(
                    format,
                    probe.subject().shown(),
                    probe.delivered() ? "delivered" : "NOT DELIVERED",
                    probe.satisfiedAddresses() + "/" + probe.addresses().size(),
                    probe.daysLeft().map(String::valueOf).orElse("-"),
                    probe.reason().orElse("")));
        }
        out.println();
    }

    private static String row(String format, Object... cells) {
        return String.format(format, cells).stripTrailing();
    }

    private String summary() {
        long delivered = probes.stream().filter(Probe::delivered).count();
        long reported = probes.stream().filter(Probe::reported).count();
        return probes.size() + (probes.size() == 1 ? " name: " : " names: ") + delivered + " delivered, "
                + (probes.size() - delivered) + " not"
                + (reported == 0 ? "" : "; " + reported + " of the delivered would have been refused");
    }
}
