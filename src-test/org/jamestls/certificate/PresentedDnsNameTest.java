package org.jamestls.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import org.jamestls.policy.DomainName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

class PresentedDnsNameTest {

    /** Presented name, mail host, whether the one stands for the other, why. */
    static final List<Arguments> NAMES = List.of(
            arguments("mx.bank.example", "mx.bank.example", true, "the same"),
            arguments("MX.BANK.Example", "mx.bank.example", true, "RFC 9525 §6.3: ignoring case"),
            arguments("xn--strae-oqa.example", "xn--strae-oqa.example", true, "A-labels are compared as they are"),
            arguments("mx_1.bank.example", "mx_1.bank.example", true, "an underscore occurs in names of mail hosts"),
            arguments("*.bank.example", "mx.bank.example", true, "a wildcard for one label"),
            arguments("*.BANK.example", "mx.bank.example", true, "ignoring case too"),
            arguments("*.bank.example", "xn--mx-jia.bank.example", true, "the one label may be an A-label"),
            arguments("bank.example", "mx.bank.example", false, "a name does not stand for what is below it"),
            arguments("mx.bank.example", "bank.example", false, "nor for what is above"),
            arguments("*.bank.example", "a.mx.bank.example", false, "RFC 9525 §6.3: one label only"),
            arguments("*.bank.example", "bank.example", false, "one label, not none"),
            arguments("*.*.example", "mx.bank.example", false, "one wildcard"),
            arguments("mx.*.example", "mx.bank.example", false, "in the left-most label"),
            arguments("m*.bank.example", "mx.bank.example", false, "and the whole of it"),
            arguments("*x.bank.example", "mx.bank.example", false, "and the whole of it"),
            arguments("*", "localhost", false, "a wildcard alone stands for nothing"),
            arguments("*.", "localhost", false, "nor with a dot"),
            arguments("*.example", "bank.example", false, "one certificate for all of a top-level domain"),
            arguments("mx.bank.example.", "mx.bank.example", false, "RFC 5280 §4.2.1.6: no trailing dot"),
            arguments("mx.bank.example\0.evil.example", "mx.bank.example", false, "a NUL ends nothing"),
            arguments("mx.bank.example\0", "mx.bank.example", false, "a NUL ends nothing"),
            arguments(" mx.bank.example", "mx.bank.example", false, "a blank is part of the text"),
            arguments("m\u212a.bank.example", "mk.bank.example", false, "the Kelvin sign is no k"),
            arguments("b\u00fccher.example", "xn--bcher-kva.example", false, "RFC 9525 §6.3: U-labels do not count"),
            arguments("mx.bank.example,mx.other.example", "mx.bank.example", false, "one name, not a list"),
            arguments("192.0.2.25", "mx.bank.example", false, "an address is no name"),
            arguments("", "mx.bank.example", false, "empty"));

    @ParameterizedTest(name = "{0} for {1}: {3}")
    @FieldSource("NAMES")
    void coversShouldFollowTheTable(String presented, String host, boolean expected, String why) {
        assertThat(PresentedDnsName.parse(presented)
                        .filter(name -> name.covers(new DomainName(host)))
                        .isPresent())
                .as(why)
                .isEqualTo(expected);
    }
}
