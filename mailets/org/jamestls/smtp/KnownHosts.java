package org.jamestls.smtp;

import java.util.LinkedHashMap;
import java.util.Map;

/** What is known of mail hosts; those met longest ago are forgotten. Safe for use by several threads. */
final class KnownHosts {

    private final int most;
    private final Map<MailHostAddress, KnownHost> hosts = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<MailHostAddress, KnownHost> eldest) {
            return size() > most;
        }
    };

    /**
     * @param most how many hosts are remembered; at least 1
     */
    KnownHosts(int most) {
        this.most = most;
    }

    synchronized KnownHost get(MailHostAddress host) {
        return hosts.computeIfAbsent(host, any -> new KnownHost());
    }
}
