package org.jamestls.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.jamestls.smtp.Sessions.AMPLE;
import static org.jamestls.smtp.Sessions.at;
import static org.jamestls.smtp.Sessions.client;
import static org.jamestls.smtp.Sessions.envelope;
import static org.jamestls.smtp.Sessions.message;
import static org.jamestls.smtp.Sessions.tlsServer;

import java.io.OutputStream;
import java.time.Clock;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jamestls.policy.TlsRequirement;
import org.jamestls.testing.ReceivingServer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What nobody expects to be thrown closes the connection, takes nobody's place, and is a failure like others. */
@Timeout(60)
class InternalErrorTest {

    static Stream<Throwable> thrown() {
        return Stream.of(
                new IllegalStateException("no such state"),
                new StackOverflowError(),
                new OutOfMemoryError("Java heap space"),
                new NoClassDefFoundError("org/example/Missing"));
    }

    private static <T> T raise(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) thrown;
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void handshakeThatThrowsShouldLeaveNoConnectionAndNoPlaceTaken(Throwable thrown) throws Exception {
        ConnectionLimits one = new ConnectionLimits(1, 1, 1, AMPLE, AMPLE);
        ClientSettings settings =
                new ClientSettings("client.example.org", Optional.empty(), TimeLimits.all(AMPLE), true);
        try (ReceivingServer server = tlsServer().start();
                SmtpClient client = new SmtpClient((socket, host, port, requirement) -> raise(thrown), settings);
                SmtpConnections testee = new SmtpConnections(client, one, AMPLE, Clock.systemUTC())) {
            ConnectionKey key = new ConnectionKey(at(server), TlsRequirement.ENCRYPTED, Optional.empty());
            for (int i = 0; i < 3; i++) {
                SmtpFailure failure = catchThrowableOfType(SmtpException.class, () -> testee.lease(key))
                        .failure();

                assertThat(failure).isInstanceOf(SmtpFailure.InternalError.class);
                assertThat(failure.message())
                        .isEqualTo("internal error of the sending server at CONNECT: "
                                + thrown.getClass().getSimpleName());
                assertThat(failure.statusCode()).hasToString("4.3.0");
                assertThat(failure.permanent()).isFalse();
                assertThat(failure.hostDown()).as("the host is not to blame").isFalse();
            }
            assertThat(server.awaitEnded(3)).hasSize(3);
        }
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void messageThatThrowsShouldNotBeSentAndLeaveNoPlaceTaken(Throwable thrown) throws Exception {
        ConnectionLimits one = new ConnectionLimits(1, 1, 100, AMPLE, AMPLE);
        try (ReceivingServer server = tlsServer().start();
                SmtpClient client = client();
                SmtpConnections testee = new SmtpConnections(client, one, AMPLE, Clock.systemUTC())) {
            ConnectionKey key = new ConnectionKey(at(server), TlsRequirement.ENCRYPTED, Optional.empty());
            try (LeasedConnection leased = testee.lease(key)) {
                TransactionOutcome outcome = leased.connection()
                        .send(envelope("bob@bank.example"), throwing(thrown), SendTo.ACCEPTED_RECIPIENTS);

                assertThat(outcome).isInstanceOfSatisfying(TransactionOutcome.Failed.class, failed -> {
                    assertThat(failed.failure().outcomeUnknown()).isFalse();
                    assertThat(failed.failure().permanent()).isFalse();
                });
                assertThat(leased.connection().isReusable()).isFalse();
            }
            try (LeasedConnection leased = testee.lease(key)) {
                leased.connection().send(envelope("bob@bank.example"), message(), SendTo.ACCEPTED_RECIPIENTS);
            }
            assertThat(server.messages()).as("the whole one alone").hasSize(1);
        }
    }

    private static MessageContent throwing(Throwable thrown) {
        return new MessageContent() {
            @Override
            public void writeTo(OutputStream out) {
                raise(thrown);
            }

            @Override
            public OptionalLong size() {
                return OptionalLong.empty();
            }

            @Override
            public boolean eightBit() {
                return false;
            }
        };
    }
}
