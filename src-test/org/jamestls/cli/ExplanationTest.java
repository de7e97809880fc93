package org.jamestls.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jamestls.policy.CertificateValidation;
import org.jamestls.policy.DomainName;
import org.jamestls.policy.DomainPolicy;
import org.jamestls.policy.EnforcementMode;
import org.jamestls.policy.MailDelivery;
import org.jamestls.policy.OtherDomains;
import org.jamestls.policy.PolicyDecision;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What something else asks for beside the file does not keep the file from being explained. */
class ExplanationTest {

    private static final DomainName BANK = DomainName.parse("bank.example");

    private static final DomainPolicy POLICY = new DomainPolicy(
            BANK,
            EnforcementMode.ENFORCE,
            Collections.emptySortedSet(),
            CertificateValidation.STRONG,
            new MailDelivery.InboundRoute());

    static Stream<PolicyDecision> decisions() {
        return Stream.of(
                new PolicyDecision.Unlisted(OtherDomains.OPPORTUNISTIC),
                new PolicyDecision.Excluded(DomainName.parse("lists.bank.example"), POLICY, OtherDomains.OPPORTUNISTIC),
                new PolicyDecision.Enforced(BANK, POLICY));
    }

    @ParameterizedTest
    @MethodSource("decisions")
    void strengthenedDecisionShouldBeExplained(PolicyDecision decision) {
        PolicyDecision strengthened =
                new PolicyDecision.Strengthened(decision, decision.requirement().verified(), "REQUIRETLS");
        PolicyDecision twice = new PolicyDecision.Strengthened(strengthened, strengthened.requirement(), "startTLS");

        for (PolicyDecision asked : List.of(strengthened, twice)) {
            Explanation testee =
                    new Explanation(Subject.of("bank.example"), "policy.xml", Optional.of(asked), List.of());

            assertThat(testee.lines()).isNotEmpty();
            assertThat(Json.write(testee.json()))
                    .contains("\"enforced\": " + decision.enforced())
                    .contains(decision.enforced() ? "\"otherDomains\": null" : "\"otherDomains\": \"opportunistic\"");
        }
    }
}
