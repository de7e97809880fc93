package org.jamestls.policyfile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jamestls.policy.DomainName;
import org.jamestls.policy.MailHostPattern;
import org.jamestls.policy.TrustedCommonName;
import org.junit.jupiter.api.Test;

class LocatedPoliciesTest {

    private static final DomainName BANK = DomainName.parse("bank.example");
    private static final DomainName PARTNER = DomainName.parse("partner.example");
    private static final DomainName INSURANCE = DomainName.parse("insurance.example");

    private static LocatedPolicies policies(String elements) throws PolicyFileException {
        return PolicyFile.parseLocated(
                "policy.xml", ("<tlsEnforcement>\n" + elements + "</tlsEnforcement>").getBytes(UTF_8));
    }

    @Test
    void everySettingShouldHaveItsPosition() throws Exception {
        LocatedPolicies policies = policies("""
                <domain name="bank.example"/> <!-- <domain name="none.example"/> -->
                <domain name="partner.example">
                  <excludedSubDomains>
                    <subDomain>lists.partner.example</subDomain></excludedSubDomains>
                  <certificateValidation>strong</certificateValidation>
                  <trustedCommonNames><commonName>a.example</commonName>
                    <commonName>b.example</commonName></trustedCommonNames>
                  <mailDelivery>staticRoute</mailDelivery>
                  <staticRoute>192.0.2.25</staticRoute>
                </domain>
                <domain name="insurance.example">
                  <mode>report</mode>
                  <mailHosts>
                    <mailHost>*.mail.insurance.example</mailHost></mailHosts></domain>
                <otherDomains>
                  <tls>none</tls></otherDomains>
                """);

        Map<DomainName, EntryPlaces<Position>> positions =
                policies.positions(List.of(PARTNER, BANK, PARTNER, INSURANCE));

        EntryPlaces<Position> partner = positions.get(PARTNER);
        assertThat(positions.get(BANK).domain()).hasToString("2:1");
        assertThat(partner.domain()).hasToString("3:1");
        assertThat(partner.excludedSubDomains().get(DomainName.parse("lists.partner.example")))
                .hasToString("5:5");
        assertThat(partner.certificateValidation().orElseThrow()).hasToString("6:3");
        assertThat(partner.trustedCommonNames().get(TrustedCommonName.parse("a.example")))
                .hasToString("7:23");
        assertThat(partner.trustedCommonNames().get(TrustedCommonName.parse("b.example")))
                .hasToString("8:5");
        assertThat(partner.mailDelivery().orElseThrow()).hasToString("9:3");
        assertThat(partner.staticRoute().orElseThrow()).hasToString("10:3");
        assertThat(policies.positionOfOtherDomains().orElseThrow()).hasToString("17:3");
        EntryPlaces<Position> insurance = positions.get(INSURANCE);
        assertThat(insurance.mode().orElseThrow()).hasToString("13:3");
        assertThat(insurance.mailHosts().get(MailHostPattern.parse("*.mail.insurance.example")))
                .hasToString("15:5");
    }

    @Test
    void whatIsNotWrittenShouldHaveNoPosition() throws Exception {
        LocatedPolicies policies = policies("<domain name='bank.example'/>");

        EntryPlaces<Position> bank = policies.positions(List.of(BANK, PARTNER)).get(BANK);

        assertThat(policies.positions(List.of(PARTNER))).isEmpty();
        assertThat(bank.mode()).isEmpty();
        assertThat(bank.mailHosts()).isEmpty();
        assertThat(bank.excludedSubDomains()).isEmpty();
        assertThat(bank.certificateValidation()).isEmpty();
        assertThat(bank.trustedCommonNames()).isEmpty();
        assertThat(bank.mailDelivery()).isEmpty();
        assertThat(bank.staticRoute()).isEmpty();
        assertThat(policies.positionOfOtherDomains()).isEqualTo(Optional.empty());
    }
}
