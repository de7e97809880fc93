package org.jamestls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.ArbitrarySerializable;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.jamestls.james.MailetContainer;
import org.jamestls.james.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Where a mail goes that our queue does not take: never to a delivery that knows no policy. */
class RefusedItemTest {

    private static final String ENFORCED = "org.jamestls.TlsEnforced";
    private static final String PLAIN = "<mailet match='All' class='RemoteDelivery'/>";

    private Stage stage;

    @BeforeEach
    void setUp(@TempDir Path directory) throws Exception {
        stage = new Stage(directory);
        stage.policy("<domain name='bank.example'/>");
    }

    @AfterEach
    void tearDown() {
        stage.close();
    }

    /** What a mail carries that no queue can store. */
    private static final class Unstorable implements ArbitrarySerializable<Unstorable> {
        @Override
        public Serializable<Unstorable> serialize() {
            throw new UncheckedIOException(new IOException("disk full"));
        }
    }

    private static MailImpl mailThatNoQueueTakes() throws Exception {
        MailImpl mail = MailetContainer.mail("sender@sender.example", "user@bank.example");
        mail.setAttribute(new Attribute(AttributeName.of("unstorable"), AttributeValue.of(new Unstorable())));
        return mail;
    }

    private MailetContainer start(Map<String, String> parameters, String... otherProcessors) throws Exception {
        return MailetContainer.startProcessors(
                stage.directory(),
                stage.dns,
                processor("root", "")
                        + processor("transport", MailetContainer.ours(ENFORCED, parameters) + PLAIN)
                        + String.join("", otherProcessors));
    }

    private static String processor(String name, String mailets) {
        return "<processor state='" + name + "'>" + mailets + "</processor>";
    }

    @Test
    void aRefusedItemShouldNotWalkOnToTheOrdinaryDelivery() throws Exception {
        try (MailetContainer james = start(Map.of(), processor("error", ""))) {
            Mail mail = james.send(mailThatNoQueueTakes());

            assertThat(mail.getErrorMessage()).contains("disk full");
            assertThat(james.ordinaryRecipients()).isEmpty();
        }
    }

    static Stream<Arguments> leaks() {
        return Stream.of(
                Arguments.of("clear", processor("error", ""), "an ordinary delivery of its own"),
                Arguments.of("transport", processor("error", ""), "the processor that the mail is in: it walks on"),
                Arguments.of("error", processor("error", PLAIN), "the default, where error delivers"));
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("leaks")
    void startShouldBeRefusedWhereTheItemWouldLeaveByTheOrdinaryDelivery(String value, String error, String why) {
        assertThatThrownBy(() -> start(Map.of("onMailetException", value), error, processor("clear", PLAIN))
                        .close())
                .rootCause()
                .hasMessageContaining(
                        "mail that fails there would leave by RemoteDelivery in processor '" + value + "'");
    }
}
