package org.jamestls.cli;

import java.util.regex.Pattern;
import org.jamestls.policy.PeerText;
import org.jamestls.policy.RecipientDomain;

/**
 * What a command is asked about.
 *
 * @param written a domain or a mail address, as it was written
 * @param domain the domain; one for which no policy can be looked up where the text is neither
 */
record Subject(String written, RecipientDomain domain) {

    /** Longer than any address that an SMTP server takes (RFC 5321 §4.5.3.1 has 64 octets, and some take more). */
    private static final int MAX_LOCAL_PART_LENGTH = 1000;

    private static final String ATOM_TEXT = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~\\x2d\\x{80}-\\x{10ffff}]+";

    /** RFC 5321 §4.1.2: Local-part = Dot-string / Quoted-string; RFC 6531 §3.3: with letters beyond ASCII. */
    private static final Pattern LOCAL_PART = Pattern.compile(
            ATOM_TEXT + "(?:\\." + ATOM_TEXT + ")*+|\"(?:[ !#-\\[\\]-~\\x{80}-\\x{10ffff}]|\\\\[ -~])*+\"");

    /** Sorts a text. Never throws: that a text is neither domain nor address is told by its domain. */
    static Subject of(String written) {
        int at = written.lastIndexOf('@');
        if (at < 0) {
            return new Subject(written, RecipientDomain.of(written));
        }
        String localPart = written.substring(0, at);
        return new Subject(
                written,
                localPart.length() <= MAX_LOCAL_PART_LENGTH
                                && LOCAL_PART.matcher(localPart).matches()
                        ? RecipientDomain.of(written.substring(at + 1))
                        : new RecipientDomain.Unconvertible(
                                written,
                                "'" + PeerText.clean(written) + "' is not a mail address: '" + PeerText.clean(localPart)
                                        + "' is no local part; write user@bank.example, or \"a user\"@bank.example"));
    }

    /** The text as written, fit for a terminal. */
    String shown() {
        return PeerText.clean(written);
    }
}
