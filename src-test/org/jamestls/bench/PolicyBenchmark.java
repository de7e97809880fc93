package org.jamestls.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamReader;
import org.jamestls.cli.TlsEnforcementCommand;
import org.jamestls.policy.DomainName;
import org.jamestls.policy.PolicyTable;
import org.jamestls.policyfile.PolicyFile;

/** What a large policy file costs: when it is loaded, and when a domain is looked up in its table. */
final class PolicyBenchmark {

    private static final int SMALL = 10;
    private static final int LARGE = 200_000;
    private static final int RECIPIENTS = 20_000;
    private static final int PASSES = 10;

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

    /** What the policy of the same recipients costs with the large table against a small one: the steps of a look-up. */
    double lookUpInLargeAgainstSmall() throws Exception {
        return lookUpInLargeAgainstSmall(recipientDomains(SMALL));
    }

    /**
     * The same with recipients from all over the large table, so that hardly one look-up finds its entry in the
     * processor's caches: the steps and the memory.
     */
    double lookUpAllOverLargeAgainstSmall() throws Exception {
        return lookUpInLargeAgainstSmall(recipientDomains(LARGE));
    }

    private double lookUpInLargeAgainstSmall(List<String> toLarge) throws Exception {
        PolicyTable large = PolicyFile.parse("large.xml", largeFile);
        PolicyTable small =
                PolicyFile.parse("small.xml", PolicyFileSample.ofDomains(SMALL).getBytes(UTF_8));
        List<String> toSmall = recipientDomains(SMALL);
        return Contest.ratio(() -> enforced(large, toLarge), () -> enforced(small, toSmall));
    }

    /** Explaining one domain of the large file against checking the file, both by the command line. */
    double explainAgainstCheck() throws Exception {
        Path file = Files.createTempFile("large", ".xml");
        try {
            Files.write(file, largeFile);
            return Contest.ratio(
                    () -> commandLine("explain", "--policy", file.toString(), PolicyFileSample.domain(LARGE / 2)),
                    () -> commandLine("check", file.toString()));
        } finally {
            Files.delete(file);
        }
    }

    private static Integer commandLine(String... arguments) {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        return TlsEnforcementCommand.commandLine()
                .setOut(nowhere)
                .setErr(nowhere)
                .execute(arguments);
    }

    private static Integer enforced(PolicyTable table, List<String> recipientDomains) {
        int enforced = 0;
        for (int pass = 0; pass < PASSES; pass++) {
            for (String written : recipientDomains) {
                if (table.find(DomainName.parse(written)).enforced()) {
                    enforced++;
                }
            }
        }
        return enforced;
    }

    /** Listed domains, sub-domains of listed ones, and others, evenly from all over the table. */
    private static List<String> recipientDomains(int listed) {
        Random random = new Random(1);
        List<String> domains = new ArrayList<>();
        for (int i = 0; i < RECIPIENTS; i++) {
            String domain = PolicyFileSample.domain(random.nextInt(listed));
            domains.add(
                    switch (i % 4) {
                        case 0, 1 -> domain;
                        case 2 -> "mail." + domain;
                        default -> "other-" + domain;
                    });
        }
        return domains;
    }
}
