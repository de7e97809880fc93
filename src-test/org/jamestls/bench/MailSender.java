package org.jamestls.bench;

import com.google.inject.Guice;
import java.io.ByteArrayInputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import javax.mail.MessagingException;
import javax.mail.Session;
import javax.mail.internet.MimeMessage;
import org.apache.james.core.MailAddress;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.queue.api.RawMailQueueItemDecoratorFactory;
import org.apache.james.queue.memory.MemoryMailQueueFactory;
import org.apache.james.queue.memory.MemoryMailQueueFactory.MemoryCacheableMailQueue;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mailet;
import org.apache.mailet.base.test.FakeMailContext;
import org.apache.mailet.base.test.FakeMailetConfig;
import org.jamestls.james.JamesStandIn;

/**
 * A mailet that delivers, with James's memory queue and nothing else of James, in a process of its own. Arguments: the
 * mailet's class, the port to write into MX records or 0, and the mailet's parameters as {@code name=value}. Commands:
 * {@code feed} a load, {@code finish} within so many seconds, {@code memory}.
 */
final class MailSender {

    private static final Duration GLANCE = Duration.ofMillis(2);
    private static final int COLLECTIONS = 3;

    private final FakeMailContext context = FakeMailContext.defaultContext();
    private final MemoryMailQueueFactory queues =
            new MemoryMailQueueFactory(new RawMailQueueItemDecoratorFactory(), Clock.systemUTC());
    private final Mailet mailet;
    private final MemoryCacheableMailQueue queue;
    private long cpuAtStart;

    private MailSender(String mailetClass, OptionalInt portInMx, Map<String, String> parameters) throws Exception {
        mailet = Guice.createInjector(new JamesStandIn(new DestinationDns(portInMx), queues))
                .getInstance(Class.forName(mailetClass).asSubclass(Mailet.class));
        FakeMailetConfig.Builder config =
                FakeMailetConfig.builder().mailetName("delivery").mailetContext(context);
        parameters.forEach(config::setProperty);
        mailet.init(config.build());
        queue = queues.getQueue(queues.listCreatedMailQueues().iterator().next())
                .orElseThrow();
    }

    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[1]);
        Map<String, String> parameters = new TreeMap<>();
        for (String parameter : List.of(arguments).subList(2, arguments.length)) {
            int equals = parameter.indexOf('=');
            parameters.put(parameter.substring(0, equals), parameter.substring(equals + 1));
        }
        MailSender sender =
                new MailSender(arguments[0], port == 0 ? OptionalInt.empty() : OptionalInt.of(port), parameters);
        Commands.serve(Map.of(
                "feed", load -> sender.feed(Load.parse(load)),
                "finish", seconds -> sender.finish(Duration.ofSeconds(Long.parseLong(seconds))),
                "memory", nothing -> sender.memory()));
    }

    /** Has the mailet serve all mails of a load, one after the other, as fast as it takes them. */
    private Figures feed(Load load) throws MessagingException {
        MimeMessage message = message(load.bytes());
        MailAddress from = new MailAddress("someone@sender.example");
        cpuAtStart = SinkCounts.cpu();
        long started = SinkCounts.now();
        for (int i = 0; i < load.mails(); i++) {
            MailImpl mail = MailImpl.builder()
                    .name("mail" + i)
                    .sender(from)
                    .addRecipients(recipients(load, i))
                    .mimeMessage(message)
                    .build();
            mailet.service(mail);
            LifecycleUtil.dispose(mail);
        }
        return new Figures(Map.of("startedMicros", started));
    }

    private static List<MailAddress> recipients(Load load, int mail) throws MessagingException {
        List<MailAddress> recipients = new ArrayList<>();
        for (int i = 0; i < load.recipients(); i++) {
            recipients.add(new MailAddress("user" + i, load.destination(mail).domain()));
        }
        return recipients;
    }

    private static MimeMessage message(int bytes) throws MessagingException {
        StringBuilder text = new StringBuilder("From: someone@sender.example\r\nTo: user0@d0.bench.example\r\n"
                + "Subject: a mail of the benchmark\r\nMessage-ID: <1@sender.example>\r\n"
                + "Date: Mon, 2 Nov 2026 09:00:00 +0000\r\nMIME-Version: 1.0\r\n"
                + "Content-Type: text/plain; charset=us-ascii\r\n\r\n");
        String line = "The quick brown fox jumps over the lazy dog, and sphinx of black quartz\r\n";
        while (text.length() < bytes) {
            text.append(line);
        }
        return new MimeMessage(
                Session.getInstance(new Properties()),
                new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.US_ASCII)));
    }

    /** Waits until nothing is queued or in delivery. */
    private Figures finish(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (queue.getSize() > 0 && System.nanoTime() < deadline) {
            LockSupport.parkNanos(GLANCE.toNanos());
        }
        return new Figures(Map.of(
                "cpuNanos",
                SinkCounts.cpu() - cpuAtStart,
                "left",
                queue.getSize(),
                "returned",
                (long) context.getSentMails().size() + context.getBouncedMails().size()));
    }

    private Figures memory() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return new Figures(Map.of(
                "heapBytes",
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed()));
    }
}
