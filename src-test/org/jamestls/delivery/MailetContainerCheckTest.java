package org.jamestls.delivery;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.james.server.core.configuration.ConfigurationProvider;
import org.apache.mailet.base.test.FakeMailetConfig;
import org.jamestls.james.XmlConfigurations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MailetContainerCheckTest {

    private static final String OURS =
            "<mailet match='org.jamestls.TlsEnforced' class='org.jamestls.TlsRemoteDelivery'/>";

    static ConfigurationProvider container(String... mailets) {
        return (component, level) -> XmlConfigurations.read("<mailetcontainer><processors><processor state='transport'>"
                + String.join("", mailets)
                + "</processor></processors></mailetcontainer>");
    }

    private static DeliveryConfiguration outgoing(String queue) throws InvalidParameterException {
        return DeliveryConfiguration.read(
                FakeMailetConfig.builder().setProperty("outgoing", queue).build());
    }

    static Stream<Arguments> accepted() {
        return Stream.of(
                Arguments.of("<mailet match='All' class='RemoteDelivery'/>", "it reads its default, outgoing"),
                Arguments.of(
                        "<mailet match='All' class='RemoteDelivery'><outgoing>clear</outgoing></mailet>",
                        "it reads another queue"),
                Arguments.of(
                        "<mailet match='All' class='RemoteDelivery'><outgoingQueue>outgoing-tls</outgoingQueue></mailet>",
                        "outgoingQueue is ignored by RemoteDelivery, so it reads outgoing"),
                Arguments.of(OURS, "a twin with the same parameters"),
                Arguments.of(
                        "<mailet match='org.jamestls.TlsEnforced=file://conf/b.xml' class='org.jamestls.TlsRemoteDelivery'>"
                                + "<outgoing>b</outgoing><policy>file://conf/b.xml</policy></mailet>",
                        "a second policy file with a queue of its own"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("accepted")
    void checkShouldAccept(String other, String why) {
        MailetContainerCheck testee = new MailetContainerCheck(container(OURS, other));

        assertThatCode(() -> testee.check(outgoing("outgoing-tls"))).doesNotThrowAnyException();
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of(
                        "outgoing-tls",
                        "<mailet match='All' class='RemoteDelivery'><outgoing>outgoing-tls</outgoing></mailet>",
                        "the queue 'outgoing-tls' is also read by RemoteDelivery in processor 'transport'"),
                Arguments.of(
                        "outgoing",
                        "<mailet match='All' class='RemoteDelivery'/>",
                        "the queue 'outgoing' is also read by RemoteDelivery"),
                Arguments.of(
                        "outgoing",
                        "<mailet match='All' class='org.apache.james.transport.mailets.RemoteDelivery'/>",
                        "the queue 'outgoing' is also read by org.apache.james.transport.mailets.RemoteDelivery"),
                Arguments.of(
                        "outgoing",
                        "<mailet match='All' class='RemoteDelivery'><outgoingQueue>other</outgoingQueue></mailet>",
                        "the queue 'outgoing' is also read by RemoteDelivery"),
                Arguments.of(
                        "partners",
                        "<mailet match='All' class='com.example.Forwarder'><outgoing>partners</outgoing></mailet>",
                        "the queue 'partners' is also read by com.example.Forwarder"),
                Arguments.of("spool", "", "outgoing=spool is the queue of James's own mailet container"),
                Arguments.of(
                        "outgoing-tls",
                        "<mailet match='All' class='org.jamestls.TlsRemoteDelivery'>"
                                + "<policy>file://conf/b.xml</policy></mailet>",
                        "is read by several TlsRemoteDelivery with different parameters"),
                Arguments.of(
                        "outgoing-tls",
                        "<mailet match='org.jamestls.TlsEnforced=file://conf/b.xml' class='org.jamestls.TlsRemoteDelivery'/>",
                        "is matched by the policy file file://conf/b.xml and delivers by another"));
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("refused")
    void checkShouldRefuse(String queue, String other, String message) {
        MailetContainerCheck testee = new MailetContainerCheck(container(OURS, other));

        assertThatThrownBy(() -> testee.check(outgoing(queue)))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining(message);
    }

    @Test
    void checkShouldRefuseWhenTheConfigurationCannotBeRead() {
        MailetContainerCheck testee = new MailetContainerCheck((component, level) -> {
            throw new ConfigurationException("no such file");
        });

        assertThatThrownBy(() -> testee.check(outgoing("outgoing-tls")))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("mailetcontainer.xml cannot be read");
    }
}
