package org.jamestls.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.mailet.base.test.FakeMailetConfig;
import org.jamestls.james.XmlConfigurations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole configurations of the mailet container, and what start-up says of the ways that mail can take in them. */
class WaysPastPolicyTest {

    private static final String ENFORCED = "org.jamestls.TlsEnforced";
    private static final String OTHER_FILE = ENFORCED + "=file://conf/other.xml";
    private static final String COMPOSITES = "org.apache.james.mailetcontainer.impl.matchers.";

    private static final String ROOT = processor("root", to("All", "transport"));
    private static final String ERROR = processor("error", mailet("All", "ToRepository"));
    private static final String PLAIN = mailet("All", "RemoteDelivery");
    private static final String CLEAR = processor("clear", PLAIN);

    private static String processor(String name, String... content) {
        return "<processor state='" + name + "'>" + String.join("", content) + "</processor>";
    }

    private static String transport(String... content) {
        return ROOT + ERROR + processor("transport", content);
    }

    private static String mailet(String match, String className, String... parameters) {
        return "<mailet match='" + match + "' class='" + className + "'>" + String.join("", parameters) + "</mailet>";
    }

    private static String not(String match, String className, String... parameters) {
        return "<mailet notmatch='" + match + "' class='" + className + "'>" + String.join("", parameters)
                + "</mailet>";
    }

    private static String ours(String match, String... parameters) {
        return mailet(match, "org.jamestls.TlsRemoteDelivery", parameters);
    }

    private static String oursOfOtherFile(String match, String... parameters) {
        return ours(
                match, set("outgoing", "other") + set("policy", "file://conf/other.xml") + String.join("", parameters));
    }

    private static String to(String match, String processor) {
        return mailet(match, "ToProcessor", set("processor", processor));
    }

    private static String set(String parameter, String value) {
        return "<" + parameter + ">" + value + "</" + parameter + ">";
    }

    private static String composite(String name, String kind, String... matchers) {
        return "<matcher name='" + name + "' match='" + COMPOSITES + kind + "'>" + String.join("", matchers)
                + "</matcher>";
    }

    private static String matcher(String match) {
        return "<matcher match='" + match + "'/>";
    }

    private static List<StartUpNotice> check(String processors) throws InvalidParameterException {
        String xml = "<mailetcontainer><processors>" + processors + "</processors></mailetcontainer>";
        return new MailetContainerCheck((component, level) -> XmlConfigurations.read(xml))
                .check(DeliveryConfiguration.read(FakeMailetConfig.builder().build()));
    }

    static Stream<Arguments> accepted() {
        return Stream.of(
                Arguments.of(transport(ours(ENFORCED), PLAIN), "the documented pair"),
                Arguments.of(transport(ours("All")), "all mail to ours"),
                Arguments.of(transport(), "ours is not there, so nothing is known of it"),
                Arguments.of(
                        transport(to(ENFORCED, "tls"), PLAIN) + processor("tls", ours("All")),
                        "enforced mail leaves for a processor of its own before the plain one"),
                Arguments.of(
                        transport(not(ENFORCED, "RemoteDelivery"), ours("All")),
                        "the plain one stands in front, for all but enforced mail"),
                Arguments.of(
                        transport(
                                composite("others", "Not", matcher(ENFORCED)),
                                mailet("others", "RemoteDelivery"),
                                ours("All")),
                        "the same by a composite matcher"),
                Arguments.of(
                        transport(
                                composite("tls", "Or", matcher(ENFORCED), matcher("HostIs=x.example")),
                                ours("tls"),
                                PLAIN),
                        "Or takes more than enforced mail, and all of it"),
                Arguments.of(
                        transport(
                                composite(
                                        "tls",
                                        "And",
                                        "<matcher match='" + COMPOSITES + "Or'>" + matcher(ENFORCED)
                                                + matcher("HostIs=x.example") + "</matcher>",
                                        matcher("All")),
                                ours("tls"),
                                PLAIN),
                        "nested: And with All, Or with anything"),
                Arguments.of(
                        transport(
                                composite(
                                        "tls",
                                        "And",
                                        matcher("SMTPAuthSuccessful"),
                                        "<matcher name='inner' match='" + ENFORCED + "'/>"),
                                ours("tls"),
                                mailet("SMTPAuthSuccessful", "RemoteDelivery")),
                        "what And leaves out of enforced mail, the plain one does not match either"),
                Arguments.of(
                        transport(ours(ENFORCED, set("bounceProcessor", "bounces")), PLAIN)
                                + processor("bounces", mailet("All", "DSNBounce")),
                        "a bounce is a new mail, which begins at root"),
                Arguments.of(
                        ROOT
                                + processor("error", mailet("All", "Bounce"), to("All", "root"))
                                + processor("transport", ours(ENFORCED), PLAIN),
                        "failed mail that begins anew comes to ours again"),
                Arguments.of(
                        transport(ours(ENFORCED, set("onMailetException", "later"), set("onSuccess", "archive")), PLAIN)
                                + processor("later", ours(ENFORCED, set("outgoing", "later")), PLAIN)
                                + processor("archive", mailet("All", "ToRepository")),
                        "a processor with a plain one, and ours in front of it"),
                Arguments.of(
                        transport(ours(ENFORCED, set("onMailetException", "propagate")), PLAIN),
                        "propagated: James tries again from the beginning of the processor"),
                Arguments.of(
                        transport(ours(ENFORCED), oursOfOtherFile(OTHER_FILE), PLAIN),
                        "two policy files, each with its matcher"),
                Arguments.of(
                        transport(oursOfOtherFile(OTHER_FILE), ours(ENFORCED), PLAIN),
                        "the same the other way round: a domain in both files has a policy in each case"),
                Arguments.of(
                        transport(ours(ENFORCED), PLAIN) + processor("lonely", PLAIN),
                        "no mail gets to the other processor"),
                Arguments.of(transport(mailet("All", "Null"), PLAIN, ours(ENFORCED)), "nothing walks on past Null"),
                Arguments.of(
                        transport(mailet("All", "MetricsMailet", set("metricName", "error")), ours(ENFORCED), PLAIN),
                        "a parameter that is called like a processor, from which nothing leaves"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("accepted")
    void checkShouldSayNothing(String processors, String why) throws Exception {
        assertThat(check(processors)).isEmpty();
    }

    static Stream<Arguments> usual() {
        String relayAllowed = composite(
                "relay-allowed",
                "Or",
                matcher("SMTPAuthSuccessful"),
                matcher("SMTPIsAuthNetwork"),
                matcher("SentByMailet"));
        String common = processor(
                        "root",
                        mailet("All", "PostmasterAlias"),
                        mailet("RelayLimit=30", "Null"),
                        to("All", "transport"))
                + processor(
                        "error",
                        mailet("All", "MetricsMailet", set("metricName", "mailetContainerErrors")),
                        mailet("All", "Bounce", set("onMailetException", "ignore")),
                        mailet(
                                "All",
                                "ToRepository",
                                set("repositoryPath", "x://error/") + set("onMailetException", "propagate")))
                + processor("local-address-error", mailet("All", "Bounce"), mailet("All", "ToRepository"))
                + processor("relay-denied", mailet("All", "Bounce"), mailet("All", "ToRepository"))
                + processor(
                        "bounces",
                        mailet("All", "MetricsMailet", set("metricName", "bounces")),
                        mailet("All", "DSNBounce", set("passThrough", "false")))
                + processor(
                        "rrt-error",
                        mailet("All", "ToRepository", set("passThrough", "true")),
                        mailet("IsSenderInRRTLoop", "Null"),
                        mailet("All", "Bounce"));
        String tls = ours(ENFORCED, set("bounceProcessor", "bounces"));
        String plain =
                mailet("All", "RemoteDelivery", set("outgoingQueue", "outgoing") + set("bounceProcessor", "bounces"));
        return Stream.of(
                Arguments.of(
                        common
                                + processor(
                                        "transport",
                                        relayAllowed,
                                        mailet(
                                                "All",
                                                "RemoveMimeHeader",
                                                set("name", "bcc") + set("onMailetException", "ignore")),
                                        mailet("All", "RecipientRewriteTable", set("errorProcessor", "rrt-error")),
                                        to("RecipientIsLocal", "local-delivery"),
                                        to("HostIsLocal", "local-address-error"),
                                        to("relay-allowed", "relay"),
                                        to("All", "relay-denied"))
                                + processor(
                                        "local-delivery",
                                        mailet("All", "VacationMailet", set("onMailetException", "ignore")),
                                        mailet("All", "Sieve", set("onMailetException", "ignore")),
                                        mailet("All", "AddDeliveredToHeader"),
                                        mailet("All", "LocalDelivery"))
                                + processor("relay", tls, plain),
                        "a processor for relaying (memory, distributed, JPA)"),
                Arguments.of(
                        common
                                + processor(
                                        "transport",
                                        mailet(
                                                "SMTPAuthSuccessful",
                                                "SetMimeHeader",
                                                set("onMailetException", "ignore")),
                                        mailet("All", "RecipientRewriteTable"),
                                        mailet("SenderIsLocal", "ToSenderFolder", set("consume", "false")),
                                        mailet("RecipientIsLocal", "Sieve"),
                                        mailet("RecipientIsLocal", "LocalDelivery"),
                                        to("HostIsLocal", "local-address-error"),
                                        to("RemoteAddrNotInNetwork=127.0.0.1", "relay-denied"),
                                        tls,
                                        plain),
                        "everything in one processor (Spring)"),
                Arguments.of(
                        common
                                + processor(
                                        "transport",
                                        relayAllowed,
                                        composite(
                                                "tls",
                                                "And",
                                                "<matcher match='" + COMPOSITES + "Or'>" + matcher("SMTPAuthSuccessful")
                                                        + matcher("SMTPIsAuthNetwork") + matcher("SentByMailet")
                                                        + "</matcher>",
                                                matcher(ENFORCED)),
                                        mailet("All", "RecipientRewriteTable"),
                                        to("HostIsLocal", "local-address-error"),
                                        ours("tls", set("bounceProcessor", "bounces")),
                                        plain.replace("'All'", "'relay-allowed'"),
                                        to("All", "relay-denied")),
                        "delivery behind the matcher of those who may relay (JPA, SMTP alone)"),
                Arguments.of(
                        common
                                + processor(
                                        "transport",
                                        ours(
                                                ENFORCED,
                                                set("maxRetries", "0")
                                                        + set("bounceProcessor", "remote-delivery-error")),
                                        plain)
                                + processor(
                                        "remote-delivery-error",
                                        to("IsRemoteDeliveryTemporaryError", "later"),
                                        mailet("All", "DSNBounce"))
                                + processor("later", mailet("AtMost=20", "ToRepository"), mailet("All", "DSNBounce")),
                        "error repositories do the waiting (README)"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("usual")
    void checkShouldSayNothingOfWhatJamesUsuallyHas(String processors, String why) throws Exception {
        assertThat(check(processors)).isEmpty();
    }

    @Test
    void checkShouldSayNothingOfTheSample() throws Exception {
        String xml = Files.readString(Path.of("conf/mailetcontainer.xml"));

        assertThat(new MailetContainerCheck((component, level) -> XmlConfigurations.read(xml))
                        .check(DeliveryConfiguration.read(
                                FakeMailetConfig.builder().build())))
                .isEmpty();
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of(
                        transport(ours(ENFORCED, set("onMailetException", "clear"))) + CLEAR,
                        "clear (onMailetException of TlsRemoteDelivery)",
                        "an item that the queue refuses"),
                Arguments.of(
                        transport(ours(ENFORCED, set("onMailetException", " CLEAR "))) + CLEAR,
                        "clear (onMailetException of TlsRemoteDelivery)",
                        "James turns the name into lower case"),
                Arguments.of(
                        transport(ours(ENFORCED, set("onMailetException", "transport")), PLAIN),
                        "transport (it walks on after an exception) > past TlsRemoteDelivery",
                        "mail that is sent to the processor that it is in walks on, as with ignore"),
                Arguments.of(
                        ROOT + processor("transport", to("All", "error")) + processor("error", ours(ENFORCED), PLAIN),
                        "error (it walks on after an exception) > past TlsRemoteDelivery",
                        "the same by default, where ours is in the processor error"),
                Arguments.of(
                        transport(
                                        composite("tls", "And", matcher(ENFORCED), matcher("SMTPAuthSuccessful")),
                                        ours("tls", set("onMatchException", "clear")))
                                + CLEAR,
                        "clear (onMatchException of TlsRemoteDelivery)",
                        "a matcher beside ours throws"),
                Arguments.of(
                        transport(
                                composite("tls", "Or", matcher(ENFORCED), matcher("SMTPAuthSuccessful")),
                                ours("tls", set("onMatchException", "transport")),
                                PLAIN),
                        "transport (it walks on after an exception) > past TlsRemoteDelivery",
                        "the same, and the mail walks on"),
                Arguments.of(
                        ROOT + processor("transport", ours(ENFORCED)) + processor("error", PLAIN),
                        "error (onMailetException of TlsRemoteDelivery)",
                        "exceptions go to error by default"),
                Arguments.of(
                        ROOT
                                + processor("transport", ours(ENFORCED, set("onMailetException", "propagate")))
                                + processor("error", PLAIN),
                        "error (bounces of TlsRemoteDelivery that cannot be made)",
                        "so do bounces that James does not take"),
                Arguments.of(
                        ROOT
                                + processor("transport", ours(ENFORCED))
                                + processor(
                                        "error", mailet("All", "Bounce"), mailet("SenderIsLocal", "RemoteDelivery")),
                        "would leave by RemoteDelivery in processor 'error'",
                        "past a mailet that may end mail, for some of them"),
                Arguments.of(
                        transport(ours(ENFORCED, set("bounceProcessor", "clear"))) + CLEAR,
                        "clear (bounceProcessor of TlsRemoteDelivery)",
                        "mail that is given up, the original"),
                Arguments.of(
                        transport(ours(ENFORCED, set("bounceProcessor", "a")))
                                + processor("a", to("SenderIsLocal", "b"))
                                + processor("b", to("All", "clear"))
                                + CLEAR,
                        "a (bounceProcessor of TlsRemoteDelivery) > b (ToProcessor for SenderIsLocal)"
                                + " > clear (ToProcessor)",
                        "at any depth"),
                Arguments.of(
                        transport(ours(ENFORCED, set("bounceProcessor", "a")))
                                + processor("a", mailet("All", "com.example.Scan", set("virusProcessor", "clear")))
                                + CLEAR,
                        "clear (virusProcessor of Scan)",
                        "a mailet whose parameter names the processor"),
                Arguments.of(
                        transport(ours(ENFORCED, set("bounceProcessor", "a")))
                                + processor("a", mailet("All", "Bounce", set("onMailetException", "clear")))
                                + CLEAR,
                        "clear (exception of Bounce)",
                        "a mailet on the way throws"),
                Arguments.of(
                        transport(ours(ENFORCED, set("bounceProcessor", "a")))
                                + processor("a", mailet("HasHeader=X", "Null", set("onMatchException", "clear")))
                                + CLEAR,
                        "clear (exception of the matcher HasHeader=X)",
                        "a matcher on the way throws"),
                Arguments.of(
                        transport(ours(ENFORCED, set("bounceProcessor", "a"))) + processor("a", to("All", "a"), PLAIN),
                        "would leave by RemoteDelivery in processor 'a'",
                        "ToProcessor to the processor that mail is in lets it walk on"),
                Arguments.of(
                        ROOT
                                + processor("transport", ours(ENFORCED, set("bounceProcessor", "nowhere")))
                                + processor("error", to("All", "clear"))
                                + CLEAR,
                        "clear (ToProcessor)",
                        "a processor that does not exist is error"),
                Arguments.of(
                        transport(
                                        ours(ENFORCED, set("bounceProcessor", "a")),
                                        PLAIN.replace("RemoteDelivery", "com.example.SmartRemoteDelivery"))
                                + processor("a", mailet("All", "Requeue", set("queue", "outgoing"))),
                        "its queue (Requeue)",
                        "into the queue of the plain one"),
                Arguments.of(
                        ROOT
                                + processor("error", mailet("All", "ToRepository", set("repositoryPath", "x://error")))
                                + processor(
                                        "transport",
                                        ours(ENFORCED),
                                        mailet(
                                                "RecipientIs=again@x.example",
                                                "FromRepository",
                                                set("repositoryPath", "x://error") + set("processor", "clear")))
                                + CLEAR,
                        "clear (FromRepository, which reads what ToRepository stores)",
                        "through a repository"),
                Arguments.of(
                        ROOT
                                + processor("transport", mailet("HostIs=x.example", "RemoteDelivery"), ours(ENFORCED))
                                + processor("error", to("All", "root")),
                        "root (ToProcessor) > transport (ToProcessor)",
                        "failed mail begins anew where a plain one stands in front"),
                Arguments.of(
                        transport(ours(ENFORCED, set("bounceProcessor", "a"))) + processor("a", oursOfOtherFile("All")),
                        "would leave by org.jamestls.TlsRemoteDelivery in processor 'a'",
                        "by the policies of another file, which may know nothing of the domain"),
                Arguments.of(
                        transport(ours(ENFORCED, set("bounceProcessor", "a")))
                                + processor("a", mailet("All", "com.example.TlsRemoteDelivery")),
                        "would leave by com.example.TlsRemoteDelivery",
                        "someone else's class of the same name"),
                Arguments.of(
                        transport(ours(ENFORCED, set("onSuccess", "clear"))) + CLEAR,
                        "mail that is delivered there would leave by RemoteDelivery in processor 'clear'",
                        "delivered mail would be sent once more, in the clear"));
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("refused")
    void checkShouldRefuse(String processors, String message, String why) {
        assertThatThrownBy(() -> check(processors))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageStartingWith("org.jamestls.TlsRemoteDelivery in processor '")
                .hasMessageContaining(message)
                .hasMessageContaining("; write ");
    }

    static Stream<Arguments> warned() {
        return Stream.of(
                Arguments.of(
                        transport(PLAIN, ours(ENFORCED)),
                        "in processor 'transport', RemoteDelivery can be reached before TlsRemoteDelivery, via root"
                                + " > transport (ToProcessor);",
                        "in front of ours"),
                Arguments.of(
                        transport(mailet("HostIs=x.example", "RemoteDelivery"), ours("All")),
                        "RemoteDelivery for HostIs=x.example can be reached",
                        "in front of ours, for some"),
                Arguments.of(
                        transport(to("All", "clear"), ours(ENFORCED)) + CLEAR,
                        "via root > transport (ToProcessor) > clear (ToProcessor);",
                        "in another processor, to which mail goes in front of ours"),
                Arguments.of(
                        transport(to("SenderIsLocal", "clear"), ours(ENFORCED)) + CLEAR,
                        "clear (ToProcessor for SenderIsLocal);",
                        "the same for some"),
                Arguments.of(
                        processor(
                                        "root",
                                        mailet("All", "com.example.Scan", set("onMailetException", "clear")),
                                        to("All", "transport"))
                                + ERROR
                                + processor("transport", ours(ENFORCED))
                                + CLEAR,
                        "clear (exception of Scan);",
                        "an exception in front of ours"),
                Arguments.of(
                        processor(
                                        "root",
                                        mailet("HasHeader=X", "Null", set("onMatchException", "clear")),
                                        to("All", "transport"))
                                + ERROR
                                + processor("transport", ours(ENFORCED))
                                + CLEAR,
                        "clear (exception of the matcher HasHeader=X);",
                        "a matcher's exception in front of ours"),
                Arguments.of(
                        transport(
                                        mailet("All", "RecipientRewriteTable", set("errorProcessor", "clear")),
                                        ours(ENFORCED))
                                + CLEAR,
                        "clear (errorProcessor of RecipientRewriteTable);",
                        "a mailet whose parameter names the processor"),
                Arguments.of(
                        transport(mailet("All", "com.example.Choose", set("otherwise", "clear")), ours(ENFORCED))
                                + CLEAR,
                        "clear (otherwise of Choose);",
                        "a parameter that may name a processor"),
                Arguments.of(
                        transport(ours(ENFORCED, set("bounceProcessor", "a")))
                                + processor("a", mailet("All", "com.example.Choose", set("otherwise", "clear")))
                                + CLEAR,
                        "mail that fails there for domains with a TLS policy can leave past it",
                        "the same after a failure"),
                Arguments.of(
                        transport(
                                mailet("All", "Requeue", set("queue", "outgoing") + set("consume", "false")),
                                ours(ENFORCED),
                                PLAIN),
                        "its queue (Requeue);",
                        "into the queue of the plain one"),
                Arguments.of(
                        transport(
                                composite("tls", "And", matcher(ENFORCED), matcher("RecipientIs=a@bank.example")),
                                ours("tls"),
                                PLAIN),
                        "past TlsRemoteDelivery for And(org.jamestls.TlsEnforced, RecipientIs=a@bank.example);",
                        "And leaves enforced recipients to the next mailet"),
                Arguments.of(
                        transport(composite("tls", "Not", matcher(ENFORCED)), ours("tls"), PLAIN),
                        "past TlsRemoteDelivery for Not(org.jamestls.TlsEnforced);",
                        "the wrong way round"),
                Arguments.of(
                        transport(not(ENFORCED, "org.jamestls.TlsRemoteDelivery"), PLAIN),
                        "past TlsRemoteDelivery for Not(org.jamestls.TlsEnforced);",
                        "the same by notmatch"),
                Arguments.of(
                        transport(
                                composite("tls", "Xor", matcher(ENFORCED), matcher("SenderIsLocal")),
                                ours("tls"),
                                PLAIN),
                        "past TlsRemoteDelivery for Xor(org.jamestls.TlsEnforced, SenderIsLocal);",
                        "enforced mail of local senders"),
                Arguments.of(
                        transport(
                                composite("tls", "And", matcher(ENFORCED), matcher("HasMailAttribute=x")),
                                ours("tls"),
                                mailet("All", "SetMailAttribute", set("x", "1")),
                                mailet("HasMailAttribute=x", "RemoteDelivery")),
                        "RemoteDelivery for HasMailAttribute=x can be reached",
                        "what a mailet in between sets, a matcher sees"),
                Arguments.of(
                        transport(ours("HostIs=bank.example"), PLAIN),
                        "past TlsRemoteDelivery for HostIs=bank.example;",
                        "without our matcher"),
                Arguments.of(
                        transport(to(ENFORCED, "tls"), mailet("All", "RecipientRewriteTable"), PLAIN)
                                + processor("tls", ours("All")),
                        "via transport (with recipients from RecipientRewriteTable);",
                        "recipients that are written after our matcher has looked"),
                Arguments.of(
                        transport(oursOfOtherFile("All"), ours(ENFORCED)),
                        "TlsRemoteDelivery can be reached before TlsRemoteDelivery",
                        "ours with another policy file takes everything first"),
                Arguments.of(
                        transport(to(ENFORCED, "tls"), to("All", "clear"))
                                + processor("tls", ours("All"))
                                + processor(
                                        "clear",
                                        mailet("All", "RemoteDelivery", set("onMailetException", "propagate"))),
                        "via clear (once more with all recipients, after an exception that RemoteDelivery propagates);",
                        "James gives a mail that failed to its processor again, with the recipients that had left it"));
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("warned")
    void checkShouldWarn(String processors, String text, String why) throws Exception {
        List<StartUpNotice> notices = check(processors);

        assertThat(notices).singleElement().satisfies(notice -> {
            assertThat(notice.warning()).isTrue();
            assertThat(notice.text()).contains(text).contains("; write ");
        });
    }

    @Test
    void everyDeliveryShouldBeNamedOnce() throws Exception {
        String second = mailet("All", "RemoteDelivery", set("outgoing", "second"));

        assertThat(check(transport(
                                mailet("SenderIsLocal", "RemoteDelivery"),
                                to("HostIs=x.example", "clear"),
                                to("HostIs=y.example", "clear"),
                                ours(ENFORCED))
                        + processor("clear", second)))
                .extracting(StartUpNotice::text)
                .satisfiesExactly(
                        first -> assertThat(first).contains("RemoteDelivery for SenderIsLocal"),
                        other -> assertThat(other).contains("via root > transport (ToProcessor) > clear"));
    }

    @Test
    void aSecondMailetOfOursShouldNotRepeatTheWarning() throws Exception {
        String second = ours(ENFORCED, set("outgoing", "second"));

        assertThat(check(transport(mailet("HostIs=x.example", "RemoteDelivery"), second, ours(ENFORCED))))
                .isEmpty();
    }

    static Stream<Arguments> matchers() {
        return Stream.of(
                Arguments.of("Or", matcher(OTHER_FILE) + matcher("HostIs=x.example"), "one of several"),
                Arguments.of("And", matcher(OTHER_FILE) + matcher("HostIs=x.example"), "all of several"),
                Arguments.of("Xor", matcher(OTHER_FILE) + matcher("HostIs=x.example"), "either"),
                Arguments.of(
                        "Or",
                        matcher(ENFORCED + "= file://conf/other.xml") + matcher(ENFORCED),
                        "beside the mailet's own"),
                Arguments.of(
                        "Or",
                        "<matcher match='" + COMPOSITES + "And'>" + matcher(OTHER_FILE) + matcher("All") + "</matcher>",
                        "nested"),
                Arguments.of("Not", "<matcher notmatch='" + OTHER_FILE + "'/>", "not those that are not"));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("matchers")
    void checkShouldFindThePolicyFileOfAComposite(String kind, String matchers, String why) {
        assertThatThrownBy(() -> check(transport(composite("tls", kind, matchers), ours("tls"))))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("is matched by the policy file file://conf/other.xml and delivers by another");
    }

    @Test
    void aPolicyFileThatTheMatcherLeavesOutShouldBeAnother() throws Exception {
        String others = composite(
                "mine",
                "And",
                matcher(ENFORCED),
                "<matcher match='" + COMPOSITES + "Not'>" + matcher(OTHER_FILE) + "</matcher>");

        assertThat(check(transport(oursOfOtherFile(OTHER_FILE), others, ours("mine"), PLAIN)))
                .isEmpty();
    }
}
