package org.jamestls.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jamestls.policy.TlsRequirement;

/**
 * What RemoteDelivery's parameters about TLS, meant for all the world, ask for. Here they say what domains without a
 * policy get at least; the policy file may ask for more. Domains with a policy are none of their business.
 *
 * @param requirement what a connection for a domain without a policy has to reach at least; {@code CLEARTEXT} asks for
 *     nothing
 * @param notices what start-up says about those that cannot do here what they do there
 */
record LeastTls(TlsRequirement requirement, List<StartUpNotice> notices) {

    static final Set<String> PARAMETERS = Set.of("startTLS", "sslEnable", "verifyServerIdentity", "sslTrustAllCerts");

    LeastTls {
        notices = List.copyOf(notices);
    }

    /**
     * Reads the parameters and the properties that mean the same.
     *
     * @throws InvalidParameterException when one does not parse, or asks to believe every certificate
     */
    static LeastTls read(Parameters parameters) throws InvalidParameterException {
        refuseTrustInAll(parameters);
        boolean implicit = parameters.flag("sslEnable").orElse(false) || MailProperty.SSL_ENABLE.isTrue(parameters);
        boolean required = implicit || MailProperty.STARTTLS_REQUIRED.isTrue(parameters);
        boolean offered = parameters.flag("startTLS").orElse(false) || MailProperty.STARTTLS_ENABLE.isTrue(parameters);
        boolean identity = parameters.flag("verifyServerIdentity").orElse(true)
                || MailProperty.CHECK_SERVER_IDENTITY.isTrue(parameters);

        TlsRequirement least =
                required ? whenRequired(identity) : offered ? TlsRequirement.OPPORTUNISTIC : TlsRequirement.CLEARTEXT;
        return new LeastTls(least, notices(parameters, implicit, required, identity));
    }

    private static void refuseTrustInAll(Parameters parameters) throws InvalidParameterException {
        if (parameters.flag("sslTrustAllCerts").orElse(false)) {
            throw new InvalidParameterException(
                    "sslTrustAllCerts=true would believe every certificate; leave it out, and"
                            + " write <certificateValidation>relaxed</certificateValidation> for the domains whose mail hosts"
                            + " cannot prove who they are");
        }
    }

    /** RemoteDelivery checks chain and name, unless verifyServerIdentity is false. */
    private static TlsRequirement whenRequired(boolean identity) {
        return identity ? new TlsRequirement.Verified(Set.of()) : TlsRequirement.ENCRYPTED;
    }

    private static List<StartUpNotice> notices(
            Parameters parameters, boolean implicit, boolean required, boolean identity)
            throws InvalidParameterException {
        List<StartUpNotice> notices = new ArrayList<>();
        if (implicit) {
            notices.add(StartUpNotice.caution("sslEnable=true requires TLS for domains without a policy, and it begins"
                    + " with STARTTLS: TLS from the first octet on, as on port 465, is not spoken; name gateways with"
                    + " the port of STARTTLS, 25 or 587"));
        }
        if (required) {
            notices.add(new StartUpNotice(
                    false,
                    "domains without a policy get mail over TLS alone"
                            + (identity ? ", from hosts whose certificate proves their name" : "")
                            + ", whatever <otherDomains> says"));
        }
        if (!identity) {
            notices.add(StartUpNotice.caution("verifyServerIdentity=false concerns domains without a policy alone;"
                    + " those with one are verified as the policy file says, and a gateway with credentials as"
                    + " gatewayCertificateValidation says"));
        }
        if (!required && parameters.flag("verifyServerIdentity").orElse(false)) {
            notices.add(StartUpNotice.caution("verifyServerIdentity=true has no effect where TLS is not required:"
                    + " domains without a policy get mail in the clear when TLS fails; write"
                    + " <mail.smtp.starttls.required>true</mail.smtp.starttls.required> to require it"));
        }
        if (!parameters.flag("startTLS").orElse(true)) {
            notices.add(StartUpNotice.withoutEffect("startTLS=false", "the policy file says where TLS is used"));
        }
        return notices;
    }
}
