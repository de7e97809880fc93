package org.jamestls.delivery;

import javax.mail.MessagingException;
import javax.mail.internet.MimeMessage;

/**
 * A copy of a message whose content may be converted. As with James's own messages, a message that is changed on its way
 * keeps its Message-ID, by which replies, filters and the sender's records know it.
 *
 * <p>Deviation: James's {@code MimeMessageWrapper} would do, but writes the original body when only nested parts changed.
 */
final class ConvertibleMessage extends MimeMessage {

    ConvertibleMessage(MimeMessage original) throws MessagingException {
        super(original);
    }

    @Override
    protected void updateMessageID() throws MessagingException {
        if (getMessageID() == null) {
            super.updateMessageID();
        }
    }
}
