package org.jamestls.smtp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.TextInputCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.sasl.RealmCallback;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslException;
import org.jamestls.policy.PeerText;

/** AUTH (RFC 4954). What we send in it appears in no failure, even where the host repeats it. */
final class Authentication {

    private static final List<String> OVER_TLS = List.of("PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5");

    // RFC 4954 §4 and §9: no mechanism that shows the password on a connection without TLS
    private static final List<String> IN_THE_CLEAR = List.of("CRAM-MD5", "DIGEST-MD5");

    private static final int CHALLENGE = 334;
    private static final int LOGGED_IN = 235;

    private final Conversation conversation;
    private final MailHostAddress host;
    private final boolean hostProven;
    private final boolean overTls;
    private final Capabilities offered;
    private final List<String> secrets = new ArrayList<>();

    /**
     * @param hostProven whether the host's certificate was verified
     * @param overTls whether the conversation is over TLS
     */
    Authentication(
            Conversation conversation,
            MailHostAddress host,
            boolean hostProven,
            boolean overTls,
            Capabilities offered) {
        this.conversation = conversation;
        this.host = host;
        this.hostProven = hostProven;
        this.overTls = overTls;
        this.offered = offered;
    }

    void logIn(Credentials credentials) throws SmtpException {
        if (credentials.forProvenHostsAlone() && !hostProven) {
            throw cannotLogIn("the mail host's certificate was not verified, so it gets no credentials");
        }
        secrets.add(credentials.password());
        SaslClient client = choose(credentials);
        try {
            exchange(client);
        } catch (SaslException e) {
            cancel();
            throw new SmtpException(new SmtpFailure.ProtocolBroken(
                    SmtpStep.AUTH, "challenges of " + client.getMechanismName(), "others", false));
        } finally {
            dispose(client);
        }
    }

    private SaslClient choose(Credentials credentials) throws SmtpException {
        List<String> usable = overTls ? OVER_TLS : IN_THE_CLEAR;
        for (String mechanism : usable) {
            if (offered.authMechanisms().contains(mechanism)) {
                SaslClient client = client(mechanism, credentials);
                if (client != null) {
                    return client;
                }
            }
        }
        throw cannotLogIn("the mail host has to offer AUTH " + String.join(", ", usable)
                + (overTls ? "" : " (without TLS no other, since it would show the password)") + "; it offers "
                + (offered.authMechanisms().isEmpty()
                        ? "none"
                        : PeerText.clean(String.join(", ", offered.authMechanisms()))));
    }

    private static SmtpException cannotLogIn(String reason) {
        return new SmtpException(new SmtpFailure.CannotSend(
                SmtpStep.AUTH,
                EnhancedStatusCode.parse("4.7.0"), // RFC 3463 §3.8: other or undefined security status
                reason));
    }

    private SaslClient client(String mechanism, Credentials credentials) {
        if (mechanism.equals("LOGIN")) {
            return new LoginSaslClient(credentials);
        }
        try {
            return Sasl.createSaslClient(
                    new String[] {mechanism},
                    null,
                    "smtp",
                    host.host().text(),
                    Map.of(),
                    callbacks -> answer(callbacks, credentials));
        } catch (SaslException e) {
            return null;
        }
    }

    private static void answer(Callback[] callbacks, Credentials credentials) throws UnsupportedCallbackException {
        for (Callback callback : callbacks) {
            if (callback instanceof NameCallback name) {
                name.setName(credentials.user());
            } else if (callback instanceof PasswordCallback password) {
                password.setPassword(credentials.password().toCharArray());
            } else if (callback instanceof RealmCallback realm) {
                realm.setText(realm.getDefaultText());
            } else if (callback instanceof TextInputCallback text) {
                text.setText(text.getDefaultText());
            } else {
                throw new UnsupportedCallbackException(callback);
            }
        }
    }

    private void exchange(SaslClient client) throws SmtpException, SaslException {
        String command = "AUTH " + client.getMechanismName();
        if (client.hasInitialResponse()) {
            String initial = encoded(client.evaluateChallenge(new byte[0]));
            command += " " + (initial.isEmpty() ? "=" : initial); // RFC 4954 §4
        }
        SmtpReply reply = withoutSecrets(conversation.ask(SmtpStep.AUTH, command));
        while (reply.code() == CHALLENGE) {
            // no mechanism of ours has more than three challenges, so this ends too
            if (client.isComplete()) {
                throw conversation.unexpected(
                        SmtpStep.AUTH, "235, since " + client.getMechanismName() + " is over", reply);
            }
            String response = encoded(client.evaluateChallenge(decoded(reply)));
            reply = withoutSecrets(conversation.ask(SmtpStep.AUTH, response));
        }
        if (reply.isTemporary() || reply.isPermanent()) {
            throw new SmtpException(new SmtpFailure.Refused(SmtpStep.AUTH, reply));
        }
        // RFC 4954 §6: no other reply says that we are logged in
        if (reply.code() != LOGGED_IN) {
            throw conversation.unexpected(SmtpStep.AUTH, "235, or 334 with a challenge", reply);
        }
        // RFC 2831 §2.1.3: the host has to prove that it knows the password too
        if (!client.isComplete()) {
            throw conversation.unexpected(SmtpStep.AUTH, "the rest of " + client.getMechanismName(), reply);
        }
    }

    private String encoded(byte[] response) {
        String encoded = Base64.getEncoder().encodeToString(response == null ? new byte[0] : response);
        if (!encoded.isEmpty()) {
            secrets.add(encoded);
        }
        return encoded;
    }

    private static byte[] decoded(SmtpReply challenge) throws SaslException {
        try {
            return Base64.getDecoder().decode(challenge.lines().get(0).strip().getBytes(StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            throw new SaslException("a challenge that is not Base64", e);
        }
    }

    private SmtpReply withoutSecrets(SmtpReply reply) {
        boolean repeats = reply.code() != CHALLENGE
                && reply.lines().stream().anyMatch(line -> secrets.stream().anyMatch(line::contains));
        return repeats ? new SmtpReply(reply.code(), reply.enhancedCode(), List.of("(text withheld)")) : reply;
    }

    private void cancel() throws SmtpException {
        if (conversation.isOpen()) {
            conversation.ask(SmtpStep.AUTH, "*"); // RFC 4954 §4
        }
    }

    private static void dispose(SaslClient client) {
        try {
            client.dispose();
        } catch (SaslException e) {
            throw new IllegalStateException(e);
        }
    }
}
