package org.jamestls.delivery;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Parameters that configurations of RemoteDelivery contain and that change nothing. */
enum IneffectiveParameter {
    DELIVERY_THREADS("deliveryThreads", "the number of connections does not depend on it, as in RemoteDelivery"),
    OUTGOING_QUEUE("outgoingQueue", "<outgoing> names the queue, as in RemoteDelivery"),
    DEBUG("debug", "each connection attempt is a line of the log anyway");

    private final String parameter;
    private final String reason;

    IneffectiveParameter(String parameter, String reason) {
        this.parameter = parameter;
        this.reason = reason;
    }

    static boolean isOne(String name) {
        return Arrays.stream(values()).anyMatch(one -> one.parameter.equals(name));
    }

    /** What start-up says about those that are set; {@code debug=false} asks for nothing. */
    static List<StartUpNotice> notices(Parameters parameters) throws InvalidParameterException {
        List<StartUpNotice> notices = new ArrayList<>();
        boolean silent = !parameters.flag(DEBUG.parameter).orElse(false);
        for (IneffectiveParameter one : values()) {
            if (parameters.text(one.parameter).isPresent() && !(one == DEBUG && silent)) {
                notices.add(StartUpNotice.withoutEffect(one.parameter, one.reason));
            }
        }
        return notices;
    }
}
