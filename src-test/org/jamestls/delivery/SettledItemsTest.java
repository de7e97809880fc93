package org.jamestls.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Mail;
import org.apache.mailet.base.test.FakeMail;
import org.junit.jupiter.api.Test;

class SettledItemsTest {

    private static final Date CHANGED = Date.from(Instant.parse("2026-11-27T12:00:00Z"));

    private final AtomicReference<Instant> now = new AtomicReference<>(CHANGED.toInstant());
    private final SettledItems testee = new SettledItems(now::get);

    private static Mail mail(String name, String... recipients) throws Exception {
        return FakeMail.builder()
                .name(name)
                .recipients(recipients)
                .lastUpdated(CHANGED)
                .build();
    }

    @Test
    void itemShouldBeKnownAgainByWhatTheQueueKeepsOfIt() throws Exception {
        testee.remember(mail("mail", "a@bank.example", "b@bank.example"));

        assertThat(testee.contains(mail("mail", "b@bank.example", "a@bank.example")))
                .isTrue();
    }

    @Test
    void otherItemsOfTheSameMailShouldNotBeTakenForIt() throws Exception {
        testee.remember(mail("mail", "a@bank.example"));
        Mail retried = mail("mail", "a@bank.example");
        retried.setState(Mail.ERROR);
        DeliveryAttributes.setRetries(retried, 1);
        Mail changed = mail("mail", "a@bank.example");
        changed.setLastUpdated(Date.from(CHANGED.toInstant().plusMillis(1)));
        Mail others = mail("mail");
        others.setRecipients(List.of(new MailAddress("b@bank.example")));

        assertThat(List.of(retried, changed, others, mail("mail2", "a@bank.example")))
                .noneMatch(testee::contains);
    }

    @Test
    void itemShouldBeForgotten() throws Exception {
        testee.remember(mail("told", "a@bank.example"));
        testee.forget(mail("told", "a@bank.example"));
        assertThat(testee.contains(mail("told", "a@bank.example"))).isFalse();

        testee.remember(mail("old", "a@bank.example"));
        now.set(now.get().plus(SettledItems.REMEMBERED).plus(Duration.ofSeconds(1)));
        testee.remember(mail("new", "a@bank.example"));
        assertThat(testee.contains(mail("old", "a@bank.example"))).isFalse();
        assertThat(testee.contains(mail("new", "a@bank.example"))).isTrue();
    }

    @Test
    void memoryShouldBeBounded() throws Exception {
        for (int i = 0; i <= SettledItems.MOST; i++) {
            testee.remember(mail("mail" + i, "a@bank.example"));
        }

        assertThat(testee.contains(mail("mail0", "a@bank.example"))).isFalse();
        assertThat(testee.contains(mail("mail1", "a@bank.example"))).isTrue();
    }
}
