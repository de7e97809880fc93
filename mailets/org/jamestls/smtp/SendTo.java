package org.jamestls.smtp;

/** What happens when the mail host refuses some of a transaction's recipients. */
public enum SendTo {
    /** The mail goes to those whom the host accepts. */
    ACCEPTED_RECIPIENTS,
    /** The mail goes to nobody. */
    ALL_OR_NONE
}
