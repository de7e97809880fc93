package org.jamestls.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamReader;
import org.jamestls.policy.DomainName;
import org.jamestls.policy.PolicyTable;
import org.jamestls.policyfile.PolicyFile;
import org.jamestls.policyfile.PolicyFileException;

/** What a large policy file costs: when it is loaded, and when a domain is looked up in its table. */
final class PolicyBenchmark {

    private static final int SMALL = 10;
    private static final int LARGE = 200_000;
    private static final int LOOK_UPS = 20_000;

    private final byte[] largeFile = PolicyFileSample.ofDomains(LARGE).getBytes(UTF_8);

    /** Loading the large file against a pass of a bare XML reader over the same bytes. */
    double loadAgainstStax() throws Exception {
        return Contest.ratio(() -> PolicyFile.parse("large.xml", largeFile), this::countEvents);
    }

    private Integer countEvents() throws Exception {
        XMLStreamReader reader =
                XMLInputFactory.newDefaultFactory().createXMLStreamReader(new ByteArrayInputStream(largeFile));
        int events = 0;
        while (reader.hasNext()) {
            reader.next();
            events++;
        }
        return events;
    }

    /** A look-up among the domains of the large table against one among those of a small one. */
    double lookUpInLargeAgainstSmall() throws Exception {
        PolicyTable large = PolicyFile.parse("large.xml", largeFile);
        PolicyTable small =
                PolicyFile.parse("small.xml", PolicyFileSample.ofDomains(SMALL).getBytes(UTF_8));
        List<DomainName> amongLarge = recipients(LARGE);
        List<DomainName> amongSmall = recipients(SMALL);
        return Contest.ratio(() -> enforced(large, amongLarge), () -> enforced(small, amongSmall));
    }

    private static Integer enforced(PolicyTable table, List<DomainName> recipients) {
        int enforced = 0;
        for (DomainName recipient : recipients) {
            if (table.find(recipient).enforced()) {
                enforced++;
            }
        }
        return enforced;
    }

    /** Recipient domains: listed ones, sub-domains of listed ones, and others. */
    private static List<DomainName> recipients(int listed) throws PolicyFileException {
        Random random = new Random(1);
        List<DomainName> recipients = new ArrayList<>();
        for (int i = 0; i < LOOK_UPS; i++) {
            String domain = PolicyFileSample.domain(random.nextInt(listed));
            recipients.add(DomainName.parse(
                    switch (i % 4) {
                        case 0, 1 -> domain;
                        case 2 -> "mail." + domain;
                        default -> "other-" + domain;
                    }));
        }
        return recipients;
    }
}
