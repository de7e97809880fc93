package org.jamestls.mailetcontainer;

/** What {@code mailetcontainer.xml} calls us, and what it need not write. */
public final class TlsNames {

    /** The mailet's class. */
    public static final String MAILET = "org.jamestls.TlsRemoteDelivery";

    /** The matcher's class. */
    public static final String MATCHER = "org.jamestls.TlsEnforced";

    /** The policy file of a mailet or matcher that names none. */
    public static final String DEFAULT_POLICY = "file://conf/tls-enforcement.xml";

    /** The queue of a mailet that names none: one of its own, so that no plain RemoteDelivery reads it. */
    public static final String DEFAULT_OUTGOING = "outgoing-tls";

    private TlsNames() {}
}
