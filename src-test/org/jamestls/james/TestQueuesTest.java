package org.jamestls.james;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.james.queue.api.MailQueue.MailQueueException;
import org.apache.james.queue.api.MailQueue.MailQueueItem;
import org.apache.james.queue.api.MailQueue.MailQueueItem.CompletionStatus;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mail;
import org.jamestls.james.QueueFaults.Call;
import org.jamestls.james.QueueFaults.Moment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** What James's queues do with items that are taken, settled, given back or forgotten. */
@ParameterizedClass
@EnumSource(QueueKind.class)
class TestQueuesTest {

    private static final String NAME = "outgoing";
    private static final int AMPLE_SECONDS = 20;

    @Parameter
    QueueKind kind;

    private final BlockingQueue<MailQueueItem> items = new LinkedBlockingQueue<>();
    private final Scheduler asking = Schedulers.newSingle("asking", true);
    private TestQueues testee;
    private Disposable asked;

    @BeforeEach
    void setUp(@TempDir Path directory) throws Exception {
        testee = kind.open(directory);
    }

    @AfterEach
    void tearDown() {
        if (asked != null) {
            asked.dispose();
        }
        asking.dispose();
        testee.close();
    }

    private ManageableMailQueue queue() {
        return testee.createQueue(MailQueueName.of(NAME));
    }

    private void enqueue(String name) throws Exception {
        queue().enQueue(mail(name));
    }

    private static Mail mail(String name) throws Exception {
        MailImpl mail = MailetContainer.mail("sender@sender.example", "a@bank.example");
        mail.setName(name);
        return mail;
    }

    private MailQueueItem next() throws InterruptedException {
        if (asked == null) {
            asked = Flux.from(queue().deQueue()).subscribeOn(asking).subscribe(items::add);
        }
        MailQueueItem item = items.poll(AMPLE_SECONDS, TimeUnit.SECONDS);
        assertThat(item).isNotNull();
        return item;
    }

    private List<String> waiting() {
        return testee.waiting(NAME).stream().map(Mail::getName).toList();
    }

    @Test
    void sizeShouldCountWhatIsInDeliveryAndWaitingShouldNot() throws Exception {
        enqueue("first");
        queue().enQueue(mail("later"), Duration.ofHours(1));
        MailQueueItem first = next();

        assertThat(first.getMail().getMessage().getSubject()).isEqualTo("a secret");
        assertThat(testee.size(NAME)).isEqualTo(2);
        assertThat(queue().getSize()).isEqualTo(2);
        assertThat(waiting()).containsExactly("later");

        first.done(CompletionStatus.SUCCESS);
        assertThat(testee.size(NAME)).isEqualTo(1);
        assertThat(waiting()).containsExactly("later");
    }

    @Test
    void itemThatIsGivenBackShouldComeAgainAtOnceUntilTheBrokerGivesItUp() throws Exception {
        enqueue("first");
        for (int i = 0; i < 6; i++) {
            next().done(CompletionStatus.RETRY);
        }
        MailQueueItem seventh = next();
        assertThat(testee.deadLetters()).isEmpty();
        seventh.done(CompletionStatus.RETRY);

        boolean givenUp = kind == QueueKind.ACTIVEMQ;
        await().until(() -> testee.size(NAME) == (givenUp ? 0 : 1));
        await().until(() -> testee.deadLetters().size() == (givenUp ? 1 : 0));
    }

    @Test
    void virtualMachineShouldBeLeftAsItWas() {
        assertThat(Security.getProvider("BC")).isNull();
    }

    @Test
    void restartShouldLeaveWhatIsOnDisk() throws Exception {
        enqueue("first");
        enqueue("second");
        next();

        testee.restart();

        assertThat(waiting()).isEqualTo(kind == QueueKind.MEMORY ? List.of() : List.of("first", "second"));
    }

    @Test
    void crashShouldLeaveWhatWasOnDiskBefore() throws Exception {
        enqueue("first");
        enqueue("second");
        MailQueueItem first = next();

        testee.crash(() -> settle(first));

        assertThat(waiting()).isEqualTo(kind == QueueKind.MEMORY ? List.of() : List.of("first", "second"));
        for (Mail mail : testee.waiting(NAME)) {
            assertThat(mail.getMessage().getSubject()).isEqualTo("a secret");
        }
    }

    private static void settle(MailQueueItem item) {
        try {
            item.done(CompletionStatus.SUCCESS);
        } catch (MailQueueException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void queueShouldTakeNothingAsOftenAsItIsTold() throws Exception {
        testee.faults(NAME).takeNothing(1);

        assertThatThrownBy(() -> enqueue("first")).isInstanceOf(MailQueueException.class);
        enqueue("second");
        assertThat(waiting()).containsExactly("second");

        testee.faults(NAME).takeNothing();
        assertThatThrownBy(() -> enqueue("third")).isInstanceOf(MailQueueException.class);
        testee.faults(NAME).recover();
        enqueue("fourth");
        assertThat(waiting()).containsExactly("second", "fourth");
        assertThat(testee.faults(NAME).failures(Call.ENQUEUE)).isEqualTo(2);
    }

    @Test
    void itemShouldFailBeforeOrAfterItIsSettled() throws Exception {
        enqueue("first");
        MailQueueItem first = next();
        testee.faults(NAME).fail(Call.DONE, Moment.BEFORE, 1, () -> {
            throw new StackOverflowError("before");
        });
        assertThatThrownBy(() -> first.done(CompletionStatus.SUCCESS)).isInstanceOf(StackOverflowError.class);
        assertThat(testee.size(NAME)).isEqualTo(1);

        testee.faults(NAME).fail(Call.DONE, Moment.AFTER, 1, QueueFaults::diskFull);
        assertThatThrownBy(() -> first.done(CompletionStatus.SUCCESS)).isInstanceOf(MailQueueException.class);
        assertThat(testee.size(NAME)).isZero();
    }

    /** James deletes the content when an item is settled, whether or not a broker that stops took the word for it. */
    @Test
    void mailWhoseContentIsGoneShouldNotWait(@TempDir Path directory) throws Exception {
        try (TestQueues onDisk = QueueKind.ACTIVEMQ.open(directory)) {
            onDisk.createQueue(MailQueueName.of(NAME)).enQueue(mail("first"));
            deleteFiles(directory.resolve("blob-transfer"));

            assertThat(onDisk.waiting(NAME)).as("as James drops it").isEmpty();
        }
    }

    private static void deleteFiles(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
    }
}
