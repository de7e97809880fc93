package org.jamestls.smtp;

import java.util.Objects;

/**
 * A gateway's user name and password. Neither is ever shown.
 *
 * @param user the user name
 * @param password the password
 */
public record Credentials(String user, String password) {
    public Credentials {
        Objects.requireNonNull(user);
        Objects.requireNonNull(password);
    }

    @Override
    public String toString() {
        return "Credentials[withheld]";
    }
}
