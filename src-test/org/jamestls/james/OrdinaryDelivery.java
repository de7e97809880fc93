package org.jamestls.james;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMailet;

/** Stands where RemoteDelivery stands: what reaches it would leave without a policy. */
public final class OrdinaryDelivery extends GenericMailet {

    private final List<String> recipients = new CopyOnWriteArrayList<>();

    @Override
    public void service(Mail mail) {
        mail.getRecipients().forEach(recipient -> recipients.add(recipient.asString()));
        mail.setState(Mail.GHOST);
    }

    public List<String> recipients() {
        return recipients;
    }
}
