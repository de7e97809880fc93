package org.jamestls.mailetcontainer;

import java.util.Arrays;
import java.util.List;

/** Processors to which mailets of James send mail when the parameter that names one is left out. */
enum ImpliedRoute {
    REWRITE("RecipientRewriteTable", "errorProcessor", Processors.ERROR),
    FROM_REPOSITORY("FromRepository", "processor", Processors.ROOT),
    REQUEUE("Requeue", "processor", Processors.ROOT),
    HEADER_RECIPIENTS("UseHeaderRecipients", "", Processors.ROOT),
    SPLIT("SplitMail", "", Processors.ROOT),
    GLOBAL_LIMIT("GlobalRateLimit", "exceededProcessor", Processors.ERROR),
    SENDER_LIMIT("PerSenderRateLimit", "exceededProcessor", Processors.ERROR),
    RECIPIENT_LIMIT("PerRecipientRateLimit", "exceededProcessor", Processors.ERROR);

    private final String mailet;
    private final String parameter;
    private final String processor;

    ImpliedRoute(String mailet, String parameter, String processor) {
        this.mailet = mailet;
        this.parameter = parameter;
        this.processor = processor;
    }

    static List<String> of(ConfiguredMailet configured) {
        return Arrays.stream(values())
                .filter(route -> route.mailet.equals(configured.simpleName()))
                .filter(route -> configured.parameter(route.parameter).isEmpty())
                .map(route -> route.processor)
                .toList();
    }
}
