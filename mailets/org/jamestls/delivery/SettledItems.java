package org.jamestls.delivery;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Mail;

/**
 * Items that are settled although the queue did not take the word for it: a queue hands those out again, and they must not
 * be delivered again. Remembered for an hour, {@value #MOST} at most. Safe for use by several threads.
 */
final class SettledItems {

    static final Duration REMEMBERED = Duration.ofHours(1);
    static final int MOST = 10_000;

    private final InstantSource clock;
    private final Map<Item, Instant> items = new LinkedHashMap<>();

    /** What tells an item from a later attempt of the same mail: that has other recipients, retries or a later change. */
    private record Item(String mailName, Set<MailAddress> recipients, int retries, Date lastUpdated) {
        static Item of(Mail mail) {
            return new Item(
                    mail.getName(),
                    Set.copyOf(mail.getRecipients()),
                    DeliveryAttributes.retries(mail),
                    mail.getLastUpdated());
        }
    }

    SettledItems(InstantSource clock) {
        this.clock = clock;
    }

    synchronized void remember(Mail mail) {
        Instant now = clock.instant();
        forgetUntil(now.minus(REMEMBERED));
        Item item = Item.of(mail);
        items.remove(item);
        items.put(item, now); // so that the oldest stands first
    }

    private void forgetUntil(Instant oldest) {
        Iterator<Instant> times = items.values().iterator();
        while (times.hasNext() && (times.next().isBefore(oldest) || items.size() == MOST)) {
            times.remove();
        }
    }

    /** The queue took the word for it after all. */
    synchronized void forget(Mail mail) {
        if (!items.isEmpty()) {
            items.remove(Item.of(mail));
        }
    }

    synchronized boolean contains(Mail mail) {
        return !items.isEmpty() && items.containsKey(Item.of(mail));
    }
}
