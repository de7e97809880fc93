package org.jamestls.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.mail.MessagingException;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.server.core.MailImpl;
import org.jamestls.james.MailetOnQueue;
import org.jamestls.james.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * 50,000 mails to 100 destinations, of which ten fail in changing ways, and a mailet that is destroyed and made anew in
 * the middle: each recipient is delivered to once or bounced once, and nothing remains in memory.
 */
class LoadTest {

    private static final int WARM_UP = 2_000;
    private static final int[] RESTARTS_AT = {15_000, 30_000, 40_000};

    /** How many mails may be queued before the next is handed over. */
    private static final int MOST_QUEUED = 6_000;

    private static final int MEGABYTE = 1 << 20;

    /** A fraction of what a tenth of the mails takes up. */
    private static final int MOST_GROWTH = 30;

    /** What the queue and the mails in delivery may take up beside that. */
    private static final int MOST_FOR_QUEUED = 100;

    private static final Map<String, String> OFTEN_TRIED_AGAIN = Map.of("delayTime", "400", "maxRetries", "5000");

    private final Ledger ledger = new Ledger();
    private final List<Integer> handedOver = new ArrayList<>();
    private final Set<Thread> threadsOfOthers = ourThreads();
    private Stage stage;
    private LoadHosts hosts;
    private MailetOnQueue testee;
    private int mails;

    @BeforeEach
    void setUp(@TempDir Path directory) throws Exception {
        stage = new Stage(directory);
        stage.policy("<domain name='" + LoadHosts.PARENT_DOMAIN + "'/>");
        hosts = LoadHosts.start(ledger, stage.trusted);
        hosts.declare(stage.dns);
        Map<String, String> parameters = new HashMap<>(OFTEN_TRIED_AGAIN);
        parameters.put("smtpPort", String.valueOf(hosts.port()));
        testee = new MailetOnQueue(stage, parameters);
    }

    @AfterEach
    void tearDown() throws Exception {
        testee.close();
        hosts.close();
        stage.close();
    }

    @Test
    void everyRecipientShouldGetItsMailOnceOrBeBouncedOnce() throws Exception {
        long started = System.nanoTime();
        testee.init();
        handOverUpTo(WARM_UP);
        waitUntil(() -> testee.size() == 0);
        long before = heap();
        long most = before;

        for (int restart : RESTARTS_AT) {
            handOverUpTo(restart);
            testee.destroy();
            assertThat(testee.size()).as("mails for the next mailet").isGreaterThan(100);
            everythingShouldBeAccountedFor();
            nothingShouldBeLeftOfTheMailet();
            most = Math.max(most, heap());
            testee.init();
        }
        handOverUpTo(LoadMail.MAILS);
        most = Math.max(most, heap());
        waitUntil(() -> testee.size() == 0);
        long after = heap();
        testee.destroy();

        List<Integer> bounced = bounced();
        System.out.printf(
                "Load: %d mails, %d recipients delivered to, %d bounced, %d connections, %d restarts, heap in use"
                        + " %d MB before, %d MB at most, %d MB after, %.1f s%n",
                mails,
                ledger.total(),
                bounced.size(),
                hosts.connections(),
                RESTARTS_AT.length,
                before / MEGABYTE,
                most / MEGABYTE,
                after / MEGABYTE,
                (System.nanoTime() - started) / 1e9);
        assertThat(hosts.seen()).containsExactlyInAnyOrderElementsOf(EnumSet.allOf(Disruption.class));
        assertThat(ledger.defects()).isEmpty();
        assertThat(bounced)
                .containsExactlyInAnyOrderElementsOf(
                        handedOver.stream().filter(hosts::refuse).toList());
        everythingShouldBeAccountedFor();
        nothingShouldBeLeftOfTheMailet();
        assertThat((after - before) / MEGABYTE).as("MB that remain").isLessThan(MOST_GROWTH);
        assertThat((most - before) / MEGABYTE).as("MB in use").isLessThan(MOST_FOR_QUEUED);
    }

    private void handOverUpTo(int number) throws MessagingException {
        while (mails < number) {
            if (mails % 100 == 0) {
                waitUntil(() -> testee.size() < MOST_QUEUED);
            }
            LoadMail next = new LoadMail(mails++);
            handedOver.addAll(next.tokens());
            MailImpl mail = next.make();
            testee.service(mail);
            LifecycleUtil.dispose(mail);
        }
    }

    private static void waitUntil(Callable<Boolean> condition) {
        await().atMost(Duration.ofMinutes(2))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(condition);
    }

    /** Each recipient has got its mail once, or was bounced once, or waits once. */
    private void everythingShouldBeAccountedFor() {
        // the queue learns of a few on a thread of its own
        waitUntil(() -> testee.queued().size() == testee.size());
        List<Integer> accounts = new ArrayList<>(ledger.takenTokens());
        accounts.addAll(bounced());
        testee.queued().forEach(mail -> mail.getRecipients().forEach(to -> accounts.add(LoadMail.token(to))));
        assertThat(ledger.takenMoreThanOnce()).isEmpty();
        // as sets, since AssertJ's look at so many for doubles takes the square of their number
        Set<Integer> accountedFor = new HashSet<>(accounts);
        assertThat(accounts).as("each once").hasSize(accountedFor.size());
        assertThat(accountedFor.equals(new HashSet<>(handedOver)))
                .as("%d accounted for of %d handed over", accountedFor.size(), handedOver.size())
                .isTrue();
    }

    private List<Integer> bounced() {
        return testee.bounced().stream()
                .flatMap(mail -> mail.getRecipients().stream())
                .map(LoadMail::token)
                .toList();
    }

    private void nothingShouldBeLeftOfTheMailet() {
        waitUntil(() -> hosts.openConnections() == 0);
        waitUntil(() -> threadsOfOthers.containsAll(ourThreads()));
    }

    private static Set<Thread> ourThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("TlsRemoteDelivery-")
                        || thread.getName().startsWith("smtp-"))
                .collect(Collectors.toSet());
    }

    private static long heap() {
        IntStream.range(0, 3).forEach(collection -> System.gc());
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
