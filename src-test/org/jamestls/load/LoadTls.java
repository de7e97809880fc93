package org.jamestls.load;

import javax.net.ssl.SSLContext;
import org.jamestls.testing.CertificateAuthority;
import org.jamestls.testing.CertificateAuthority.Request;

/** The certificates of all hosts: one that bears their names, and one that bears another's. */
record LoadTls(SSLContext right, SSLContext wrong) {

    static LoadTls issuedBy(CertificateAuthority authority) {
        return new LoadTls(
                authority
                        .issue(new Request("CN=hosts").dnsName("*." + LoadHosts.PARENT_DOMAIN))
                        .serverContext(),
                authority.issueFor("mx.elsewhere.example").serverContext());
    }
}
