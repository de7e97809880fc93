package org.jamestls.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.james.queue.api.MailQueue.MailQueueItem;
import org.apache.mailet.Mail;
import org.apache.mailet.base.test.FakeMail;
import org.junit.jupiter.api.Test;

class ClaimsTest {

    private final Claims testee = new Claims();

    private record Item(Mail getMail) implements MailQueueItem {
        @Override
        public void done(CompletionStatus success) {}
    }

    private static Item item() throws Exception {
        return new Item(FakeMail.defaultFakeMail());
    }

    @Test
    void firstClaimShouldCount() throws Exception {
        Item item = item();

        assertThat(testee.claim(item)).isTrue();
        assertThat(testee.claim(item)).isFalse();
        assertThat(testee.claim(new Item(item.getMail())))
                .as("the same item, wrapped anew")
                .isFalse();
        assertThat(testee.claim(item())).isTrue();
    }

    @Test
    void latestItemShouldNotBeClaimedAgainThoughItIsSettled() throws Exception {
        Item item = item();
        testee.claim(item);
        testee.release(item);

        assertThat(testee.claim(item)).isFalse();
    }

    @Test
    void settledItemShouldBeForgottenWhenTheNextComes() throws Exception {
        Item settledBefore = item();
        testee.claim(settledBefore);
        testee.release(settledBefore);
        Item settledAfter = item();
        testee.claim(settledAfter);
        testee.claim(item());
        testee.release(settledAfter);

        assertThat(testee.claim(settledBefore)).isTrue();
        assertThat(testee.claim(settledAfter)).isTrue();
    }

    @Test
    void nothingShouldBeForgottenAfterTheCancellation() throws Exception {
        Item item = item();
        testee.claim(item);
        testee.cancelled();
        testee.claim(item());
        testee.release(item);

        assertThat(testee.claim(item)).isFalse();
    }
}
