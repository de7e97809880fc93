package org.jamestls.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where contests are held: the sink, and the senders as they are asked for, each kept warm for the next contest. */
final class Arena implements AutoCloseable {

    private final Workplace workplace;
    private final List<String> classPathOfOurs;
    private final Optional<List<String>> classPathBefore;
    private final SinkProcess sink;
    private final List<Sender> postfixes = new ArrayList<>();
    private Optional<MailetSender> james = Optional.empty();
    private Optional<MailetSender> ours = Optional.empty();
    private Optional<MailetSender> before = Optional.empty();
    private Optional<DelayingRelay> line = Optional.empty();

    private Arena(
            Workplace workplace,
            List<String> classPathOfOurs,
            Optional<List<String>> classPathBefore,
            SinkProcess sink) {
        this.workplace = workplace;
        this.classPathOfOurs = classPathOfOurs;
        this.classPathBefore = classPathBefore;
        this.sink = sink;
    }

    static Arena open(Options options) throws Exception {
        Path directory = options.network().map(options.directory()::resolve).orElse(options.directory());
        Workplace workplace = Workplace.make(directory);
        return new Arena(
                workplace,
                Workplace.classPathWithJar(options.classes(), options.jar()),
                options.before().map(jar -> Workplace.classPathWithJar(options.classes(), jar)),
                SinkProcess.start(workplace));
    }

    SinkProcess sink() {
        return sink;
    }

    MailetSender james() throws IOException {
        if (james.isEmpty()) {
            james = Optional.of(freshJames());
        }
        return james.get();
    }

    MailetSender ours() throws IOException {
        if (ours.isEmpty()) {
            ours = Optional.of(freshOurs());
        }
        return ours.get();
    }

    /**
     * Ours as it was before a change.
     *
     * @throws java.util.NoSuchElementException where {@link Options#before} does not say which jar that is
     */
    MailetSender before() throws IOException {
        if (before.isEmpty()) {
            before = Optional.of(MailetSender.start(
                    Contender.before(workplace, sink.port()), workplace, classPathBefore.orElseThrow(), sink));
        }
        return before.get();
    }

    /** A RemoteDelivery in a JVM of its own, which whoever asks closes. */
    MailetSender freshJames() throws IOException {
        return MailetSender.start(Contender.james(), workplace, List.of(System.getProperty("java.class.path")), sink);
    }

    /** A TlsRemoteDelivery, out of the jar, in a JVM of its own, which whoever asks closes. */
    MailetSender freshOurs() throws IOException {
        return MailetSender.start(Contender.ours(workplace, sink.port()), workplace, classPathOfOurs, sink);
    }

    /**
     * Postfix without and with connection reuse.
     *
     * @throws MissingPostfixException where it cannot be had
     */
    List<Sender> postfixes() throws IOException, InterruptedException, MissingPostfixException {
        if (postfixes.isEmpty()) {
            for (boolean reuse : new boolean[] {false, true}) {
                postfixes.add(PostfixSender.start(reuse, workplace, sink));
            }
        }
        return postfixes;
    }

    /** The destination at the end of a long line. */
    Destination distant(Duration oneWay) throws IOException {
        if (line.isEmpty()) {
            InetSocketAddress sinkAddress = new InetSocketAddress(new Destination(0).address(), sink.port());
            line = Optional.of(DelayingRelay.start(Destination.DISTANT.address(), sinkAddress, oneWay));
        }
        return Destination.DISTANT;
    }

    @Override
    public void close() throws IOException {
        for (Sender postfix : postfixes) {
            postfix.close();
        }
        if (james.isPresent()) {
            james.get().close();
        }
        if (ours.isPresent()) {
            ours.get().close();
        }
        if (before.isPresent()) {
            before.get().close();
        }
        if (line.isPresent()) {
            line.get().close();
        }
        sink.close();
    }
}
