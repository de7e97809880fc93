package org.jamestls.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSocket;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.sasl.AuthorizeCallback;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslException;
import javax.security.sasl.SaslServer;
import org.jamestls.smtp.SmtpStep;

/** One connection of a {@link ReceivingServer}. */
final class ReceivingSession {

    private static final Pattern PATH = Pattern.compile("(?i)(?:MAIL FROM|RCPT TO):<(.*?)>(?: (.*))?");
    private static final int IDLE_MILLIS = 50;
    private static final int RECORD_HEADER = 5; // RFC 8446 §5.1
    private static final byte[] END_OF_MESSAGE = "\r\n.\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ReceivingServer.Builder behaviour;
    private final Transcript transcript;
    private final Consumer<ReceivedMessage> receiver;
    private final long began = System.currentTimeMillis();
    private final CountDownLatch closing;
    private final Socket plain;
    private Socket socket;
    private InputStream in;
    private boolean overTls;
    private int taken;

    private String sender;
    private String mailParameters;
    private final List<String> recipients = new ArrayList<>();
    private final ByteArrayOutputStream chunks = new ByteArrayOutputStream();

    ReceivingSession(
            Socket socket,
            ReceivingServer.Builder behaviour,
            Transcript transcript,
            Consumer<ReceivedMessage> receiver,
            CountDownLatch closing)
            throws IOException {
        this.closing = closing;
        this.behaviour = behaviour;
        this.transcript = transcript;
        this.receiver = receiver;
        this.plain = socket;
        speakOver(socket);
    }

    private void speakOver(Socket spokenOver) throws IOException {
        socket = spokenOver;
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    void run() throws IOException {
        boolean goesOn = at(Moment.GREETING, () -> answer(SmtpStep.GREETING, "220 receiving.test ESMTP"));
        while (goesOn && !endsWhenIdle()) {
            String line = readLine();
            transcript.add(overTls, line.regionMatches(true, 0, "AUTH ", 0, 5) ? withoutSecret(line) : line);
            goesOn = obey(line);
        }
    }

    private static String withoutSecret(String auth) {
        int second = auth.indexOf(' ', 5);
        return second < 0 ? auth : auth.substring(0, second) + " (withheld)";
    }

    private boolean obey(String line) throws IOException {
        String verb = line.split(" ", 2)[0].toUpperCase(Locale.ROOT);
        return switch (verb) {
            case "EHLO" -> at(overTls ? Moment.EHLO_OVER_TLS : Moment.EHLO, () -> answer(SmtpStep.EHLO, ehloReply()));
            case "HELO" -> reply("250 receiving.test");
            case "STARTTLS" -> at(Moment.STARTTLS, this::startTls);
            case "AUTH" -> authenticate(line);
            case "MAIL" -> at(Moment.MAIL, () -> taken == 0 ? mail(line) : at(Moment.LATER_MAIL, () -> mail(line)));
            case "RCPT" -> at(Moment.RCPT, () -> rcpt(line));
            case "DATA" -> at(Moment.DATA, this::data);
            case "BDAT" -> bdat(line);
            case "RSET" -> reset();
            case "QUIT" -> {
                at(Moment.QUIT, () -> answer(SmtpStep.QUIT, "221 2.0.0 bye"));
                yield false;
            }
            default -> reply("500 5.5.1 unknown command");
        };
    }

    private interface Obedience {
        boolean obey() throws IOException;
    }

    private boolean at(Moment moment, Obedience usual) throws IOException {
        Optional<Fault> fault = behaviour.fault(moment);
        return fault.isPresent() ? commit(fault.get()) : usual.obey();
    }

    private boolean commit(Fault fault) throws IOException {
        if (fault instanceof Fault.Reply reply) {
            return reply(reply.text());
        }
        ((Fault.Conduct) fault).deed().commit(new Connection());
        return false;
    }

    private final class Connection implements Fault.Wire {
        @Override
        public void write(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
        }

        @Override
        public void waitForTheEnd() throws IOException {
            in.transferTo(OutputStream.nullOutputStream());
        }

        @Override
        public void ignore() {
            try {
                closing.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }

        @Override
        public void reset() throws IOException {
            plain.setSoLinger(true, 0);
            plain.close();
        }
    }

    private boolean endsWhenIdle() throws IOException {
        if (taken == 0 || !behaviour.mayCommitFault(Moment.IDLE)) {
            return false;
        }
        socket.setSoTimeout(IDLE_MILLIS);
        in.mark(1);
        try {
            in.read();
            in.reset();
            return false;
        } catch (SocketTimeoutException e) {
            return !at(Moment.IDLE, () -> true);
        } finally {
            if (!socket.isClosed()) {
                socket.setSoTimeout(0);
            }
        }
    }

    private String ehloReply() {
        List<String> lines = new ArrayList<>(List.of("receiving.test"));
        lines.addAll(behaviour.capabilities(overTls));
        if (!overTls && behaviour.startTls() != ReceivingServer.StartTls.NOT_OFFERED) {
            lines.add("STARTTLS");
        }
        StringBuilder reply = new StringBuilder();
        for (int i = 0; i < lines.size() - 1; i++) {
            reply.append("250-").append(lines.get(i)).append("\r\n");
        }
        return reply.append("250 ").append(lines.get(lines.size() - 1)).toString();
    }

    private boolean startTls() throws IOException {
        return switch (behaviour.startTls()) {
            case NOT_OFFERED -> reply("502 5.5.1 not offered");
            case REFUSED -> reply("454 4.7.0 TLS not available");
            case BROKEN_OFF -> {
                reply("220 2.0.0 ready");
                yield false;
            }
            case FOLLOWED_BY_CLEAR_TEXT -> {
                reply("220 2.0.0 ready\r\n250-injected\r\n250 AUTH PLAIN");
                yield handshake();
            }
            case OFFERED -> {
                String reply = behaviour.reply(SmtpStep.STARTTLS, overTls).orElse("220 2.0.0 ready");
                yield reply(reply) && (!reply.startsWith("220") || handshake());
            }
        };
    }

    private boolean handshake() throws IOException {
        return at(Moment.HANDSHAKE, this::secure);
    }

    private boolean secure() throws IOException {
        byte[] header = socket.getInputStream().readNBytes(RECORD_HEADER);
        Optional<Fault> fault = header.length < RECORD_HEADER
                ? Optional.empty()
                : behaviour.faultAtHello((header[3] & 0xff) << 8 | header[4] & 0xff);
        if (fault.isPresent()) {
            return commit(fault.get());
        }
        SSLSocket secured = (SSLSocket)
                behaviour.tlsContext().getSocketFactory().createSocket(socket, new ByteArrayInputStream(header), true);
        secured.setUseClientMode(false);
        secured.setNeedClientAuth(behaviour.demandsClientCertificate());
        if (!behaviour.protocols().isEmpty()) {
            secured.setEnabledProtocols(behaviour.protocols().toArray(String[]::new));
        }
        secured.startHandshake();
        ExtendedSSLSession session = (ExtendedSSLSession) secured.getSession();
        Optional<String> serverName = session.getRequestedServerNames().stream()
                .map(name -> ((SNIHostName) name).getAsciiName())
                .findFirst();
        transcript.secured(new Transcript.Tls(session.getProtocol(), serverName, session.getCreationTime() < began));
        speakOver(secured);
        overTls = true;
        forget();
        return true;
    }

    private boolean authenticate(String line) throws IOException {
        String[] words = line.split(" ");
        boolean known = switch (words[1].toUpperCase(Locale.ROOT)) {
            case "PLAIN" -> plain(words.length > 2 ? words[2] : challenge(""));
            case "LOGIN" -> {
                String user = decoded(challenge("Username:"));
                yield isAccount(user, decoded(challenge("Password:")));
            }
            case "CRAM-MD5", "DIGEST-MD5" -> challenged(words[1].toUpperCase(Locale.ROOT));
            default -> false;
        };
        return answer(SmtpStep.AUTH, known ? "235 2.7.0 welcome" : "535 5.7.8 wrong credentials");
    }

    private boolean plain(String response) {
        String[] parts = decoded(response).split("\0", -1);
        return parts.length == 3 && isAccount(parts[1], parts[2]);
    }

    private boolean challenged(String mechanism) throws IOException {
        SaslServer server =
                Sasl.createSaslServer(mechanism, "smtp", behaviour.saslName(), Map.of(), this::answerSaslCallbacks);
        try {
            byte[] challenge = server.evaluateResponse(new byte[0]);
            while (challenge != null) {
                byte[] response = Base64.getDecoder().decode(challenge(challenge));
                challenge = server.isComplete() ? null : server.evaluateResponse(response);
            }
            return server.isComplete();
        } catch (SaslException e) {
            return false;
        }
    }

    private void answerSaslCallbacks(Callback... callbacks) {
        String user = null;
        for (Callback callback : callbacks) {
            if (callback instanceof NameCallback name) {
                user = name.getDefaultName();
                name.setName(user);
            } else if (callback instanceof PasswordCallback password
                    && behaviour.accounts().containsKey(user)) {
                password.setPassword(behaviour.accounts().get(user).toCharArray());
            } else if (callback instanceof AuthorizeCallback authorize) {
                authorize.setAuthorized(true);
            }
        }
    }

    private boolean isAccount(String user, String password) {
        return password.equals(behaviour.accounts().get(user));
    }

    private String challenge(String text) throws IOException {
        return challenge(text.getBytes(StandardCharsets.UTF_8));
    }

    private String challenge(byte[] octets) throws IOException {
        send("334 " + Base64.getEncoder().encodeToString(octets));
        return readLine();
    }

    private static String decoded(String response) {
        return new String(Base64.getDecoder().decode(response), StandardCharsets.UTF_8);
    }

    private boolean mail(String line) throws IOException {
        Matcher path = PATH.matcher(line);
        if (!path.matches()) {
            return reply("501 5.5.4 syntax");
        }
        String reply = replyTo(SmtpStep.MAIL).orElse("250 2.1.0 sender ok");
        if (reply.startsWith("2")) {
            forget();
            sender = path.group(1);
            mailParameters = Optional.ofNullable(path.group(2)).orElse("");
        }
        return reply(reply);
    }

    private Optional<String> replyTo(SmtpStep step) {
        return behaviour.refusalAfter(taken, step).or(() -> behaviour.reply(step, overTls));
    }

    private boolean rcpt(String line) throws IOException {
        Matcher path = PATH.matcher(line);
        if (sender == null || !path.matches()) {
            return reply("503 5.5.1 no sender");
        }
        String recipient = path.group(1);
        String reply = behaviour
                .refusalBehind(recipients.size())
                .or(() -> behaviour.recipientReply(recipient))
                .or(() -> behaviour.reply(SmtpStep.RCPT, overTls))
                .orElse("250 2.1.5 recipient ok");
        if (reply.startsWith("2")) {
            recipients.add(recipient);
        }
        return reply(reply);
    }

    private boolean data() throws IOException {
        if (recipients.isEmpty()) {
            return reply("554 5.5.1 no valid recipients");
        }
        String reply = replyTo(SmtpStep.DATA).orElse("354 go ahead");
        return reply(reply)
                && (!reply.startsWith("354") || insideContent(Integer.MAX_VALUE, () -> take(readContent())));
    }

    /** BDAT and the octets of its chunk (RFC 3030 §2). */
    private boolean bdat(String line) throws IOException {
        String[] words = line.split(" ");
        int length = Integer.parseInt(words[1]);
        boolean last = words.length > 2 && words[2].equalsIgnoreCase("LAST");
        Optional<Fault> fault = behaviour.fault(Moment.DATA);
        if (fault.filter(Fault.Conduct.class::isInstance).isPresent()) {
            return commit(fault.get());
        }
        return insideContent(length, () -> {
            byte[] chunk = in.readNBytes(length);
            if (chunk.length < length) {
                throw new EOFException();
            }
            if (fault.isPresent()) {
                forget(); // RFC 3030 §2: after a refused chunk the transaction is over
                return commit(fault.get());
            }
            return chunk(chunk, last);
        });
    }

    private boolean chunk(byte[] chunk, boolean last) throws IOException {
        if (recipients.isEmpty()) {
            return reply("503 5.5.1 no transaction with recipients");
        }
        Optional<String> refusal = replyTo(SmtpStep.DATA).filter(reply -> !reply.startsWith("354"));
        if (refusal.isPresent()) {
            forget();
            return reply(refusal.get());
        }
        chunks.write(chunk);
        return last ? take(chunks.toByteArray()) : reply("250 2.0.0 " + chunk.length + " octets received");
    }

    private boolean insideContent(int length, Obedience rest) throws IOException {
        Optional<Fault> fault = length == 0 ? Optional.empty() : behaviour.fault(Moment.INSIDE_CONTENT);
        if (fault.isEmpty()) {
            return rest.obey();
        }
        in.readNBytes(Math.min(length, 100));
        return commit(fault.get());
    }

    private boolean take(byte[] content) throws IOException {
        return at(Moment.CONTENT, () -> {
            String reply = replyTo(SmtpStep.CONTENT).orElse("250 2.0.0 taken");
            if (!reply.startsWith("2")) {
                forget();
                return reply(reply);
            }
            taken++;
            receiver.accept(new ReceivedMessage(sender, mailParameters, recipients, content, overTls));
            forget();
            return at(Moment.TAKEN, () -> reply(reply) && at(Moment.AFTER_REPLY, () -> true));
        });
    }

    private boolean reset() throws IOException {
        forget();
        return answer(SmtpStep.RSET, "250 2.0.0 forgotten");
    }

    private void forget() {
        sender = null;
        mailParameters = "";
        recipients.clear();
        chunks.reset();
    }

    private byte[] readContent() throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        int matched = 2; // the message may begin with its end
        boolean atLineStart = true;
        while (true) {
            int octet = in.read();
            if (octet < 0) {
                throw new EOFException();
            }
            matched = octet == END_OF_MESSAGE[matched] ? matched + 1 : octet == '\r' ? 1 : 0;
            if (matched == END_OF_MESSAGE.length) {
                byte[] all = content.toByteArray();
                return Arrays.copyOf(all, all.length - 1); // the CR of the last line
            }
            boolean doubled = atLineStart && octet == '.';
            if (!doubled) {
                content.write(octet);
            }
            atLineStart = matched == 2;
        }
    }

    private boolean answer(SmtpStep step, String usual) throws IOException {
        return reply(behaviour.reply(step, overTls).orElse(usual));
    }

    /** Sends a reply and says whether the connection goes on. */
    private boolean reply(String reply) throws IOException {
        send(reply);
        return !reply.startsWith("421");
    }

    private void send(String reply) throws IOException {
        byte[] octets = (behaviour.spelled(reply) + "\r\n").getBytes(StandardCharsets.UTF_8);
        int packet = behaviour.usesSingleOctets() ? 1 : octets.length;
        for (int from = 0; from < octets.length; from += packet) {
            socket.getOutputStream().write(octets, from, packet);
            socket.getOutputStream().flush();
        }
    }

    private String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new EOFException();
            }
            line.write(octet);
        }
        String text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
