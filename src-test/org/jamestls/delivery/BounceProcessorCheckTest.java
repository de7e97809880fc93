package org.jamestls.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.stream.Stream;
import org.apache.mailet.base.test.FakeMailetConfig;
import org.jamestls.james.XmlConfigurations;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BounceProcessorCheckTest {

    static Stream<Arguments> processors() {
        return Stream.of(
                Arguments.of("<mailet match='All' class='DSNBounce'/>", Optional.of(true), "as in James's sample"),
                Arguments.of(
                        "<mailet match='All' class='org.apache.james.transport.mailets.DSNBounce'/>",
                        Optional.of(true),
                        "by its whole name"),
                Arguments.of(
                        "<mailet match='All' class='DSNBounce'><attachment>message</attachment></mailet>",
                        Optional.of(true),
                        "the default, written"),
                Arguments.of(
                        "<mailet match='All' class='DSNBounce'><attachment>heads</attachment></mailet>",
                        Optional.of(false),
                        "the header alone"),
                Arguments.of(
                        "<mailet match='All' class='DSNBounce'><attachment>none</attachment></mailet>",
                        Optional.of(false),
                        "nothing of the message"),
                Arguments.of("<mailet match='All' class='ToRepository'/>", Optional.empty(), "no bounce"));
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("processors")
    void costOfADsnBounceShouldBeSaid(String mailets, Optional<Boolean> warning, String why) throws Exception {
        var container = XmlConfigurations.read("<mailetcontainer><processors><processor state='other'>"
                + "<mailet match='All' class='DSNBounce'/></processor><processor state='bounces'>" + mailets
                + "</processor></processors></mailetcontainer>");
        DeliveryConfiguration configuration = DeliveryConfiguration.read(FakeMailetConfig.builder()
                .setProperty("bounceProcessor", "bounces")
                .build());

        Optional<StartUpNotice> notice =
                new BounceProcessorCheck((component, level) -> container).notice(configuration);

        assertThat(notice.map(StartUpNotice::warning)).isEqualTo(warning);
    }
}
