package org.jamestls.cli;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jamestls.policy.Violation;

/**
 * Which authorities would have to be trusted for what was presented to chain to a trusted root.
 *
 * @param authorities the issuers at the ends of the chains, by their names; at least one
 */
record RootsProposal(Set<String> authorities) {

    static final String PARAMETER = "<additionalRoots>conf/private-roots.pem</additionalRoots>";

    static final String CAUTION =
            "get the root from the partner itself, not from the connection; whoever has its key can"
                    + " pose as every domain that you list";

    /** The authorities of untrusted chains; empty where no chain failed for want of a root. */
    static Optional<RootsProposal> of(List<AddressProbe> addresses) {
        Set<String> authorities = new LinkedHashSet<>();
        addresses.stream()
                .filter(address -> address.violation()
                        .filter(found -> found.violation() == Violation.CERTIFICATE_NOT_TRUSTED)
                        .isPresent())
                .filter(address -> !address.chain().isEmpty())
                .map(address -> address.chain().get(address.chain().size() - 1).issuer())
                .forEach(authorities::add);
        return authorities.isEmpty() ? Optional.empty() : Optional.of(new RootsProposal(authorities));
    }
}
