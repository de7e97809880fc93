package org.jamestls.delivery;

import org.jamestls.policy.RecipientDomain;

/** The name of the part of a mail that goes to one domain, in the form that RemoteDelivery gives it. */
public final class PartName {

    private static final String JUNCTION = "-to-";

    private PartName() {}

    public static String of(String mailName, RecipientDomain domain) {
        return mailName + JUNCTION + domain.text();
    }
}
