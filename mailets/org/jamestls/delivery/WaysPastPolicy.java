package org.jamestls.delivery;

import java.util.ArrayList;
import java.util.List;
import org.jamestls.mailetcontainer.ConfiguredMailet;
import org.jamestls.mailetcontainer.MailRoutes;
import org.jamestls.mailetcontainer.Processors;
import org.jamestls.mailetcontainer.TlsNames;
import org.jamestls.mailetcontainer.WayOut;

/**
 * Ways by which mail of an enforced domain leaves past its policy. Those of mail that a mailet of ours gives back, after a
 * failure or a delivery, stop the start, since nothing but a mistake leads there; those of mail that never came to ours are
 * warned of, since another matcher may rightly say that this mail is not meant.
 */
final class WaysPastPolicy {

    private static final String REMEDY =
            "; write a processor that leads to no RemoteDelivery, or put a TlsRemoteDelivery with match=\""
                    + TlsNames.MATCHER + "\" in front of it";

    private final Processors processors;

    WaysPastPolicy(Processors processors) {
        this.processors = processors;
    }

    /**
     * Checks mailets of ours that share a queue.
     *
     * @return what start-up warns of, only once for each policy file
     * @throws InvalidParameterException when mail that they give back can leave past its policy
     */
    List<StartUpNotice> check(List<ConfiguredMailet> mailets) throws InvalidParameterException {
        List<StartUpNotice> notices = new ArrayList<>();
        for (ConfiguredMailet mailet : mailets.stream().distinct().toList()) {
            MailRoutes routes = new MailRoutes(processors, mailet.policy());
            notices.addAll(refuse(routes.ofFailedMail(mailet), mailet.describe() + ": mail that fails there"));
            notices.addAll(
                    refuse(routes.ofDeliveredMail(mailet), mailet.describe() + ": mail that is delivered there"));
            if (isFirstOfItsPolicy(mailet)) {
                routes.ofEveryMail().forEach(way -> notices.add(warning("Mail", way)));
            }
        }
        return notices;
    }

    private static List<StartUpNotice> refuse(List<WayOut> ways, String mail) throws InvalidParameterException {
        List<StartUpNotice> notices = new ArrayList<>();
        for (WayOut way : ways) {
            if (!way.guessed()) {
                throw new InvalidParameterException(mail + " would leave by "
                        + way.delivery().describe() + ", past its TLS policy: " + way.way() + REMEDY);
            }
            notices.add(warning(mail, way));
        }
        return notices;
    }

    private static StartUpNotice warning(String mail, WayOut out) {
        return StartUpNotice.caution(mail + " for domains with a TLS policy can leave past it: in processor '"
                + out.delivery().processor() + "', " + out.delivery().withMatcher()
                + " can be reached before TlsRemoteDelivery, via " + out.way() + REMEDY);
    }

    private boolean isFirstOfItsPolicy(ConfiguredMailet mailet) {
        return processors.mailets().stream()
                .filter(ConfiguredMailet::isTlsRemoteDelivery)
                .filter(other -> other.policy().equals(mailet.policy()))
                .findFirst()
                .filter(mailet::equals)
                .isPresent();
    }
}
