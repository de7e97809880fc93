package org.jamestls.smtp;

import java.util.Optional;
import java.util.Set;
import org.jamestls.policy.NegotiatedTls;
import org.jamestls.policy.PolicyViolation;
import org.jamestls.policy.TlsRequirement;
import org.jamestls.policy.Violation;
import org.jamestls.tls.TlsClient;
import org.jamestls.tls.TlsConnection;

/** From the greeting to the verdict. What it sends is EHLO, HELO and STARTTLS, and nothing else. */
final class SessionStart {

    private static final int READY_FOR_TLS = 220; // RFC 3207 §4
    private static final Set<Integer> COMMAND_UNKNOWN = Set.of(500, 502); // RFC 5321 §4.2.4
    private static final String GO_AHEAD = "220 to STARTTLS";
    private static final String OFFER = "STARTTLS in the reply to EHLO";

    private final Conversation conversation;
    private final MailHostAddress host;
    private final TlsRequirement requirement;
    private final TlsClient tlsClient;
    private final String heloName;

    SessionStart(
            Conversation conversation,
            MailHostAddress host,
            TlsRequirement requirement,
            TlsClient tlsClient,
            String heloName) {
        this.conversation = conversation;
        this.host = host;
        this.requirement = requirement;
        this.tlsClient = tlsClient;
        this.heloName = heloName;
    }

    /** The order of RFC 3207: greeting, EHLO, STARTTLS, handshake, EHLO. */
    SmtpConnection establish() throws SmtpException {
        accepted(SmtpStep.GREETING, conversation.read(SmtpStep.GREETING));
        Capabilities offered = hello();
        if (!requirement.tlsWanted()) {
            return inTheClear(offered, Optional.empty());
        }
        if (!offered.startTls()) {
            return withoutTls(offered, Violation.STARTTLS_NOT_OFFERED, OFFER, "offered: " + offered);
        }
        SmtpReply reply = startTls();
        if (reply.code() != READY_FOR_TLS) {
            return withoutTls(offered, Violation.STARTTLS_REFUSED, GO_AHEAD, reply.toString());
        }
        TlsConnection tls = conversation.secure(tlsClient, host, requirement);
        return new SmtpConnection(
                conversation, host, requirement, Optional.of(tls.negotiated()), helloOverTls(tls), tls.reported());
    }

    /** From here to the first reply over TLS, a conversation that breaks means that TLS did not come about. */
    private SmtpReply startTls() throws SmtpException {
        try {
            return conversation.ask(SmtpStep.STARTTLS, "STARTTLS");
        } catch (SmtpException e) {
            throw violated(
                    SmtpStep.STARTTLS,
                    new PolicyViolation(
                            Violation.HANDSHAKE_FAILED, GO_AHEAD, e.failure().message()),
                    e);
        }
    }

    private SmtpConnection withoutTls(Capabilities offered, Violation violation, String expected, String presented)
            throws SmtpException {
        PolicyViolation found = new PolicyViolation(violation, expected, presented);
        // a host that closed on our STARTTLS has to be asked for a fresh connection
        if (requirement.tlsRequired() || !conversation.isOpen()) {
            throw violated(found);
        }
        return inTheClear(offered, requirement.reportOnly() ? Optional.of(found) : Optional.empty());
    }

    private SmtpConnection inTheClear(Capabilities offered, Optional<PolicyViolation> reported) {
        return new SmtpConnection(conversation, host, requirement, Optional.<NegotiatedTls>empty(), offered, reported);
    }

    private Capabilities hello() throws SmtpException {
        SmtpReply reply = conversation.ask(SmtpStep.EHLO, "EHLO " + heloName);
        if (requirement.tlsRequired() && COMMAND_UNKNOWN.contains(reply.code())) {
            // RFC 3207 §4: STARTTLS is offered in the reply to EHLO or not at all
            throw violated(new PolicyViolation(Violation.STARTTLS_NOT_OFFERED, OFFER, reply.toString()));
        }
        if (requirement.tlsRequired() || !reply.isPermanent()) {
            return Capabilities.of(accepted(SmtpStep.EHLO, reply));
        }
        // RFC 5321 §3.2: a server that does not know EHLO is greeted with HELO
        accepted(SmtpStep.EHLO, conversation.ask(SmtpStep.EHLO, "HELO " + heloName));
        return Capabilities.NONE;
    }

    // RFC 3207 §4.2: what the host said before the handshake is discarded; a host that then refuses EHLO has failed
    private Capabilities helloOverTls(TlsConnection tls) throws SmtpException {
        SmtpReply reply;
        try {
            reply = conversation.ask(SmtpStep.EHLO, "EHLO " + heloName);
        } catch (SmtpException e) {
            throw violated(SmtpStep.HANDSHAKE, tls.endedUnused(e, e.failure().message()), e);
        }
        if (reply.endsConnection()) {
            PolicyViolation closing =
                    new PolicyViolation(Violation.HANDSHAKE_FAILED, "a reply 250 to EHLO over TLS", reply.toString());
            throw new SmtpException(new SmtpFailure.TlsViolated(SmtpStep.HANDSHAKE, closing));
        }
        return Capabilities.of(accepted(SmtpStep.EHLO, reply));
    }

    private SmtpReply accepted(SmtpStep step, SmtpReply reply) throws SmtpException {
        if (reply.isPositive()) {
            return reply;
        }
        throw reply.isIntermediate()
                ? conversation.unexpected(step, "a reply 2yz, 4yz or 5yz", reply)
                : new SmtpException(new SmtpFailure.Refused(step, reply));
    }

    private static SmtpException violated(PolicyViolation violation) {
        return new SmtpException(new SmtpFailure.TlsViolated(SmtpStep.STARTTLS, violation));
    }

    private static SmtpException violated(SmtpStep step, PolicyViolation violation, SmtpException cause) {
        return new SmtpException(new SmtpFailure.TlsViolated(step, violation), cause);
    }
}
