package org.jamestls.smtp;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How a mail transaction ended. Every recipient of the envelope is delivered, unsent, or refused. */
public sealed interface TransactionOutcome {

    /** Those for whom the mail host has taken responsibility. */
    List<EnvelopeAddress> delivered();

    /** Those whom the host did not refuse, but who did not get the mail. */
    List<EnvelopeAddress> unsent();

    /** Those refused one by one, each with the reason, in the envelope's order. */
    Map<EnvelopeAddress, SmtpFailure> refused();

    /**
     * The mail host took the message.
     *
     * @param delivered for these, at least one
     * @param reply its reply to the message, with as much of its text as is shown
     * @param refused not for these
     */
    record Delivered(List<EnvelopeAddress> delivered, SmtpReply reply, Map<EnvelopeAddress, SmtpFailure> refused)
            implements TransactionOutcome {
        public Delivered {
            delivered = List.copyOf(delivered);
            reply = reply.abridged();
            refused = Collections.unmodifiableMap(new LinkedHashMap<>(refused));
        }

        @Override
        public List<EnvelopeAddress> unsent() {
            return List.of();
        }
    }

    /**
     * The message was not sent, because all recipients were refused, or one was and {@link SendTo#ALL_OR_NONE} asked.
     *
     * @param refused at least one
     * @param unsent those accepted
     */
    record RecipientsRefused(Map<EnvelopeAddress, SmtpFailure> refused, List<EnvelopeAddress> unsent)
            implements TransactionOutcome {
        public RecipientsRefused {
            refused = Collections.unmodifiableMap(new LinkedHashMap<>(refused));
            unsent = List.copyOf(unsent);
        }

        @Override
        public List<EnvelopeAddress> delivered() {
            return List.of();
        }
    }

    /**
     * The transaction failed as a whole.
     *
     * @param failure why; {@link SmtpFailure#outcomeUnknown()} tells whether the host may have taken the message
     * @param unsent the recipients whom it concerns
     * @param refused those refused before
     */
    record Failed(SmtpFailure failure, List<EnvelopeAddress> unsent, Map<EnvelopeAddress, SmtpFailure> refused)
            implements TransactionOutcome {
        public Failed {
            unsent = List.copyOf(unsent);
            refused = Collections.unmodifiableMap(new LinkedHashMap<>(refused));
        }

        @Override
        public List<EnvelopeAddress> delivered() {
            return List.of();
        }
    }
}
