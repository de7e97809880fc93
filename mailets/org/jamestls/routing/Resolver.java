package org.jamestls.routing;

import java.net.InetAddress;
import java.util.List;
import org.jamestls.policy.DomainName;

/** What routing asks of the DNS. Safe for use by several threads. */
public interface Resolver {

    /**
     * The exchanges of a domain's MX records, most preferred first; empty when there is none.
     *
     * @throws TemporaryDnsException when the DNS gave no answer, so that nothing can be said about the domain
     */
    List<String> mailExchanges(DomainName domain) throws TemporaryDnsException;

    /**
     * The addresses of a host, in the order to try them; empty when there is none.
     *
     * @throws TemporaryDnsException when the DNS gave no answer
     */
    List<InetAddress> addresses(DomainName host) throws TemporaryDnsException;
}
