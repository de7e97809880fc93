package org.jamestls.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.jamestls.policy.IpAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConcealedAddressTest {

    static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of("10.1.2.3", "10.1.2.3", "X", "the address alone"),
                Arguments.of("10.1.2.3", "from [10.1.2.3]:25, 10.1.2.3.", "from [X]:25, X.", "among marks"),
                Arguments.of("10.1.2.3", "10.1.2.30 110.1.2.3 10.1.2.3.4.", "10.1.2.30 110.1.2.3 X.4.", "others"),
                Arguments.of("10.1.2.3", "10.1.2.3:25", "X:25", "with a port"),
                Arguments.of("10.1.2.3", "::ffff:10.1.2.3", "X", "mapped to IPv6"),
                Arguments.of("10.1.2.3", "::FFFF:0a01:0203", "X", "mapped, in hexadecimal"),
                Arguments.of("10.1.2.3", "550 5.1.1 no", "550 5.1.1 no", "codes"),
                Arguments.of("fd00::a:1", "fd00::a:1", "X", "compressed"),
                Arguments.of("fd00::a:1", "FD00:0:0:0:0:0:A:1", "X", "in full, upper case"),
                Arguments.of("fd00::a:1", "fd00:0000::000a:0001", "X", "with zeros"),
                Arguments.of("fd00::a:1", "[IPv6:fd00::a:1]", "[X]", "as an address literal"),
                Arguments.of("fd00::a:1", "to fd00::a:1: no", "to X: no", "before a colon"),
                Arguments.of("fd00::a:1", "fd00::a:1.", "X.", "at the end of a sentence"),
                Arguments.of("fd00::a:1", "fd00::a:1%eth0", "X%eth0", "with a zone"),
                Arguments.of("fd00::a:1", "fd00::a:12 fd00::b:1", "fd00::a:12 fd00::b:1", "others"),
                Arguments.of("fd00::a:1", "12:30:45 dead: beef", "12:30:45 dead: beef", "no addresses"));
    }

    @ParameterizedTest(name = "{0} in {1}: {3}")
    @MethodSource("texts")
    void addressShouldNotBeSeen(String address, String text, String shown, String what) {
        assertThat(new ConcealedAddress(IpAddress.parse(address), "X").outOf(text))
                .isEqualTo(shown);
    }
}
