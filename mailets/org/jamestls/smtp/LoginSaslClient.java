package org.jamestls.smtp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslException;

/** LOGIN, which no RFC has, yet many hosts offer alone: the user name to the first challenge, the password to the second. */
final class LoginSaslClient implements SaslClient {

    private final Queue<String> answers;

    LoginSaslClient(Credentials credentials) {
        answers = new ArrayDeque<>(List.of(credentials.user(), credentials.password()));
    }

    @Override
    public String getMechanismName() {
        return "LOGIN";
    }

    @Override
    public boolean hasInitialResponse() {
        return false;
    }

    @Override
    public byte[] evaluateChallenge(byte[] challenge) throws SaslException {
        if (answers.isEmpty()) {
            throw new SaslException("LOGIN has two challenges, and a third came");
        }
        return answers.remove().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean isComplete() {
        return answers.isEmpty();
    }

    @Override
    public byte[] unwrap(byte[] incoming, int offset, int length) {
        throw new IllegalStateException("LOGIN has no security layer");
    }

    @Override
    public byte[] wrap(byte[] outgoing, int offset, int length) {
        throw new IllegalStateException("LOGIN has no security layer");
    }

    @Override
    public Object getNegotiatedProperty(String name) {
        return null;
    }

    @Override
    public void dispose() {
        answers.clear();
    }
}
