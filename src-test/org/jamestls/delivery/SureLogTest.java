package org.jamestls.delivery;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.mail.MessagingException;
import org.jamestls.james.DeliveryLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

class SureLogTest {

    private static final org.slf4j.Logger LOGGER = LoggerFactory.getLogger(SureLogTest.class);
    private static final String HOSTILE = "x\" verdict=satisfied\r\n\u001b[2J\u202e";
    private static final Set<String> THAT_WRITE = Set.of("trace", "debug", "info", "warn", "error");

    static Stream<Arguments> arguments() {
        MessagingException nested = new MessagingException("outside", new IllegalStateException(HOSTILE));
        RuntimeException suppressing = new RuntimeException("outside");
        suppressing.addSuppressed(new RuntimeException(HOSTILE));
        return Stream.of(
                Arguments.of(HOSTILE, "a text"),
                Arguments.of(new StringBuilder(HOSTILE), "anything else"),
                Arguments.of(List.of(HOSTILE, "b"), "a list"),
                Arguments.of(new LogFields().word("key", HOSTILE).text("other", HOSTILE), "fields"),
                Arguments.of(new RuntimeException(HOSTILE), "something thrown"),
                Arguments.of(nested, "the cause of something thrown"),
                Arguments.of(suppressing, "something suppressed"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("arguments")
    void lineShouldBeMadePrintable(Object argument, String what) {
        try (DeliveryLog log = DeliveryLog.recordEverything()) {
            SureLog.error(LOGGER, "Said: {}", argument);
            SureLog.warn(LOGGER, "Said: {}", argument);
            SureLog.info(LOGGER, "Said: {}", argument);
            SureLog.debug(LOGGER, "Said: {}", argument);

            assertThat(log.whole())
                    .hasSize(4)
                    .allSatisfy(line ->
                            assertThat(line).contains("verdict=satisfied").matches("[ -~\\n\\t]*"));
            assertThat(log.about("Said")).noneMatch(line -> line.contains("x\" verdict"));
        }
    }

    @Test
    void stackTraceShouldBeThatOfWhatWasThrown() {
        try (DeliveryLog log = DeliveryLog.recordEverything()) {
            SureLog.error(LOGGER, "Broke off", new MessagingException(HOSTILE));

            assertThat(log.whole().get(0))
                    .contains("javax.mail.MessagingException: ", "SureLogTest.stackTraceShouldBeThatOf");
        }
    }

    @Test
    void failureOfAnAppenderShouldStopNothing() {
        Logger logger = (Logger) LOGGER;
        AppenderBase<ILoggingEvent> broken = new AppenderBase<>() {
            @Override
            public void doAppend(ILoggingEvent event) {
                throw new IllegalStateException("the disk is full");
            }

            @Override
            protected void append(ILoggingEvent event) {
                throw new IllegalStateException("the disk is full");
            }
        };
        logger.addAppender(broken);
        try {
            assertThatCode(() -> SureLog.error(LOGGER, "Said")).doesNotThrowAnyException();
        } finally {
            logger.detachAppender(broken);
        }
    }

    /** What strangers say can be in any line of the delivery, so that none is written past it. */
    @Test
    void everyLineAboutMailShouldBeWrittenThisWay() {
        noClasses()
                .that()
                .resideInAnyPackage("org.jamestls", "org.jamestls.delivery")
                .and()
                .doNotHaveFullyQualifiedName(SureLog.class.getName())
                .should()
                .callMethodWhere(DescribedPredicate.describe(
                        "it writes a line",
                        (JavaMethodCall call) -> call.getTargetOwner().isAssignableTo(org.slf4j.Logger.class)
                                && THAT_WRITE.contains(call.getName())))
                .check(new ClassFileImporter()
                        .withImportOption(new DoNotIncludeTests())
                        .importPackages("org.jamestls"));
    }
}
