package org.jamestls.smtp;

import java.util.Objects;

/**
 * A gateway's user name and password. Neither is ever shown.
 *
 * @param user the user name
 * @param password the password
 * @param protection what a host has to prove before it gets them
 */
public record Credentials(String user, String password, CredentialProtection protection) {
    public Credentials {
        Objects.requireNonNull(user);
        Objects.requireNonNull(password);
        Objects.requireNonNull(protection);
    }

    /** Credentials for hosts that prove who they are. */
    public Credentials(String user, String password) {
        this(user, password, CredentialProtection.STRONG);
    }

    /** Whether nobody gets them without a verified certificate. */
    public boolean forProvenHostsAlone() {
        return protection == CredentialProtection.STRONG;
    }

    @Override
    public String toString() {
        return "Credentials[withheld]";
    }
}
