package org.jamestls.smtp;

/** What a mail host has to prove before it gets credentials. */
public enum CredentialProtection {
    /** Who it is, by a verified certificate: no other connection carries credentials, whatever the mechanism. */
    STRONG,

    /** Nothing: whoever answers over TLS gets them, and in the clear mechanisms are used that keep the password. */
    RELAXED
}
