package org.jamestls.demo;

import java.util.ArrayList;
import java.util.List;

/** What was seen at both ends of a journey, and what is wrong with it. */
final class Findings {

    private String serverSaw;
    private final String senderGot;
    private final List<String> faults = new ArrayList<>();

    Findings(String serverSaw, String senderGot) {
        this.serverSaw = serverSaw;
        this.senderGot = senderGot;
    }

    Findings alsoSeen(String more) {
        serverSaw += "; " + more;
        return this;
    }

    Findings fault(String fault) {
        faults.add(fault);
        return this;
    }

    Findings expect(boolean condition, String otherwise) {
        return condition ? this : fault(otherwise);
    }

    String serverSaw() {
        return serverSaw;
    }

    String senderGot() {
        return senderGot;
    }

    List<String> faults() {
        return faults;
    }
}
