package org.jamestls.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Mail hosts: names, IP addresses and static routes. */
class HostTest {

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(textBlock = """
            mx.bank.example,      mx.bank.example:25,       host
            MX.bank.example.,     mx.bank.example:25,       host in upper case with a trailing dot
            mx.bank.example:2525, mx.bank.example:2525,     host:port
            192.0.2.25,           192.0.2.25:25,            IP
            192.0.2.25:2525,      192.0.2.25:2525,          IP:port
            [192.0.2.25]:2525,    192.0.2.25:2525,          IPv4 in brackets
            [2001:db8::1]:2525,   [2001:db8:0:0:0:0:0:1]:2525, IPv6 in brackets with a port
            [2001:db8::1],        [2001:db8:0:0:0:0:0:1]:25,  IPv6 in brackets
            2001:db8::1,          [2001:db8:0:0:0:0:0:1]:25,  bare IPv6
            2001:db8::1:25,       [2001:db8:0:0:0:0:1:25]:25, bare IPv6 has no port
            ::1,                  [0:0:0:0:0:0:0:1]:25,     shortest IPv6
            [IPv6:2001:db8::1]:25, [2001:db8:0:0:0:0:0:1]:25, tag of an address literal
            ::ffff:192.0.2.1,     192.0.2.1:25,             IPv4-mapped address
            mx.bank.example:1,    mx.bank.example:1,        lowest port
            mx.bank.example:65535, mx.bank.example:65535,   highest port
            """)
    void staticRouteShouldParse(String written, String expected, String why) {
        assertThat(MailDelivery.StaticRoute.parse(written)).hasToString("staticRoute " + expected);
    }

    static Stream<Arguments> noRoutes() {
        return Stream.of(
                Arguments.of("", "is not a domain name", "empty"),
                Arguments.of("mx.example:", "does not end in a port", "port missing"),
                Arguments.of("mx.example:0", "0 is not a port", "port zero"),
                Arguments.of("mx.example:65536", "65536 is not a port", "port too high"),
                Arguments.of("mx.example:123456", "does not end in a port", "port too long"),
                Arguments.of("mx.example:+25", "does not end in a port", "sign"),
                Arguments.of("mx.example:\u0662\u0665", "does not end in a port", "digits of another script"),
                Arguments.of("mx.example: 25", "does not end in a port", "blank"),
                Arguments.of(":25", "is not a domain name", "host missing"),
                Arguments.of("192.0.2.256", "is not an IP address", "octet too high"),
                Arguments.of("192.0.2", "is not an IP address", "three octets, which would mean 192.0.0.2"),
                Arguments.of("3221225985", "is not an IP address", "one number, which would mean 192.0.2.1"),
                Arguments.of("192.0.02.1", "is not an IP address", "leading zero, which some read as octal"),
                Arguments.of("2001:db8:::1", "is not an IP address", "three colons"),
                Arguments.of("fe80::1%eth0", "is not an IP address", "zone"),
                Arguments.of(".::1", "is not an IP address", "would be looked up in the DNS"),
                Arguments.of("[2001:db8::1", "is not an IP address", "bracket not closed"),
                Arguments.of("[2001:db8::1]25", "is not an IP address", "colon missing"),
                Arguments.of("[]:25", "is not an IP address", "nothing in brackets"),
                Arguments.of("[mx.example]:25", "is not an IP address", "name in brackets"),
                Arguments.of("smtp://mx.example", "does not end in a port", "URL"));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("noRoutes")
    void staticRouteShouldThrow(String written, String message, String why) {
        assertThatThrownBy(() -> MailDelivery.StaticRoute.parse(written))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.1, [192.0.2.1]", "2001:db8::1, [IPv6:2001:db8:0:0:0:0:0:1]"})
    void addressLiteralShouldHaveBracketsAndATag(String written, String literal) {
        assertThat(IpAddress.parse(written).addressLiteral()).isEqualTo(literal);
    }

    @Test
    void addressesShouldBeEqualWhateverTheirHostName() throws Exception {
        byte[] octets = {(byte) 192, 0, 2, 1};

        assertThat(new IpAddress(InetAddress.getByAddress("mx.example", octets)))
                .isEqualTo(IpAddress.parse("192.0.2.1"))
                .hasToString("192.0.2.1");
    }
}
