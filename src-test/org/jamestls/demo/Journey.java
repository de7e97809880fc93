package org.jamestls.demo;

import java.util.List;
import java.util.Optional;

/**
 * One recipient's way out of James.
 *
 * @param recipient the address
 * @param policy the policy that applies to the address's domain
 * @param server the mail host that the way leads to
 * @param bystander a server that must not be asked: the domain's MX host beside a static route
 * @param expectation how the journey has to end
 */
record Journey(
        String recipient,
        AppliedPolicy policy,
        MailServer server,
        Optional<MailServer> bystander,
        Expectation expectation) {

    String domain() {
        return recipient.substring(recipient.indexOf('@') + 1);
    }

    /** How a bounce names the mail host: an address that the operator's own static route has stays out. */
    String hostInBounce() {
        boolean named = !server.host().equals(server.address());
        if (bystander.isEmpty()) {
            return server.host() + " [" + server.address() + "]";
        }
        return named ? server.host() : "the static route";
    }

    /** Whether what has to happen has happened; more than that may still follow. */
    boolean settled(List<Bounce> bounces) {
        return expectation.settled(this, bounces);
    }

    Findings examine(List<Bounce> bounces, String logOfJames) {
        List<Bounce> ours =
                bounces.stream().filter(bounce -> bounce.concerns(recipient)).toList();
        Findings findings = expectation.examine(this, ours, logOfJames);
        bystander.ifPresent(mx -> findings.alsoSeen("MX " + (mx.connections() == 0 ? "nothing" : "was asked"))
                .expect(mx.connections() == 0, mx.host() + " was asked, although a static route is set"));
        return findings;
    }
}
