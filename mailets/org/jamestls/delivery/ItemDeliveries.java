package org.jamestls.delivery;

import java.time.InstantSource;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.metrics.api.TimeMetric;
import org.apache.james.queue.api.MailQueue.MailQueueItem;

/** What the deliveries of all items of a queue share. Safe for use by several threads. */
final class ItemDeliveries {

    static final String TRIAL_METRIC = "RemoteDeliveryTrial";

    private final DomainDelivery delivery;
    private final Settlement settlement;
    private final MetricFactory metrics;
    private final SettledItems settledItems;
    private volatile boolean stopping;

    ItemDeliveries(DomainDelivery delivery, Settlement settlement, MetricFactory metrics, InstantSource clock) {
        this.delivery = delivery;
        this.settlement = settlement;
        this.metrics = metrics;
        this.settledItems = new SettledItems(clock);
    }

    ItemDelivery of(MailQueueItem item) {
        return new ItemDelivery(item, this);
    }

    /** From here on a temporary failure is our own doing: it counts as no attempt. */
    void stop() {
        stopping = true;
    }

    boolean stopping() {
        return stopping;
    }

    DomainDelivery delivery() {
        return delivery;
    }

    Settlement settlement() {
        return settlement;
    }

    SettledItems settledItems() {
        return settledItems;
    }

    /** The time that one attempt takes, as RemoteDelivery measures it. */
    TimeMetric trial() {
        return metrics.timer(TRIAL_METRIC);
    }
}
