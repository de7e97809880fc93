package org.jamestls.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
    private static final byte[] END_OF_MESSAGE = "\r\n.\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ReceivingServer.Builder behaviour;
    private final Transcript transcript;
    private final Consumer<ReceivedMessage> receiver;
    private final long began = System.currentTimeMillis();
    private Socket socket;
    private InputStream in;
    private boolean overTls;

    private String sender;
    private String mailParameters;
    private final List<String> recipients = new ArrayList<>();
    private final ByteArrayOutputStream chunks = new ByteArrayOutputStream();

    ReceivingSession(
            Socket socket, ReceivingServer.Builder behaviour, Transcript transcript, Consumer<ReceivedMessage> receiver)
            throws IOException {
        this.behaviour = behaviour;
        this.transcript = transcript;
        this.receiver = receiver;
        speakOver(socket);
    }

    private void speakOver(Socket spokenOver) throws IOException {
        socket = spokenOver;
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    void run() throws IOException {
        boolean goesOn = answer(SmtpStep.GREETING, "220 receiving.test ESMTP");
        while (goesOn) {
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
            case "EHLO" -> answer(SmtpStep.EHLO, ehloReply());
            case "HELO" -> reply("250 receiving.test");
            case "STARTTLS" -> startTls();
            case "AUTH" -> authenticate(line);
            case "MAIL" -> mail(line);
            case "RCPT" -> rcpt(line);
            case "DATA" -> data();
            case "BDAT" -> bdat(line);
            case "RSET" -> reset();
            case "QUIT" -> {
                answer(SmtpStep.QUIT, "221 2.0.0 bye");
                yield false;
            }
            default -> reply("500 5.5.1 unknown command");
        };
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
        SSLSocket secured = (SSLSocket) behaviour
                .tlsContext()
                .getSocketFactory()
                .createSocket(socket, socket.getInetAddress().getHostAddress(), socket.getPort(), true);
        secured.setUseClientMode(false);
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
        String reply = behaviour.reply(SmtpStep.MAIL, overTls).orElse("250 2.1.0 sender ok");
        if (reply.startsWith("2")) {
            forget();
            sender = path.group(1);
            mailParameters = Optional.ofNullable(path.group(2)).orElse("");
        }
        return reply(reply);
    }

    private boolean rcpt(String line) throws IOException {
        Matcher path = PATH.matcher(line);
        if (sender == null || !path.matches()) {
            return reply("503 5.5.1 no sender");
        }
        String recipient = path.group(1);
        String reply = behaviour
                .recipientReply(recipient)
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
        String reply = behaviour.reply(SmtpStep.DATA, overTls).orElse("354 go ahead");
        return reply(reply) && (!reply.startsWith("354") || take(readContent()));
    }

    private boolean bdat(String line) throws IOException {
        String[] words = line.split(" ");
        byte[] chunk = in.readNBytes(Integer.parseInt(words[1]));
        if (recipients.isEmpty()) {
            return reply("554 5.5.1 no valid recipients");
        }
        chunks.write(chunk);
        boolean last = words.length > 2 && words[2].equalsIgnoreCase("LAST");
        return last ? take(chunks.toByteArray()) : reply("250 2.0.0 " + chunk.length + " octets received");
    }

    private boolean take(byte[] content) throws IOException {
        String reply = behaviour.reply(SmtpStep.CONTENT, overTls).orElse("250 2.0.0 taken");
        if (reply.startsWith("2")) {
            receiver.accept(new ReceivedMessage(sender, mailParameters, recipients, content, overTls));
        }
        forget();
        return reply(reply);
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
        socket.getOutputStream().write((reply + "\r\n").getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
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
