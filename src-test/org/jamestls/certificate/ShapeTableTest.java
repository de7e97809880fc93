package org.jamestls.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jamestls.policy.Host;
import org.jamestls.policy.PolicyViolation;
import org.jamestls.policy.Violation;
import org.jamestls.testing.ShapedChain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Shapes of chains, after the published vectors of x509-limbo, PKITS, BoringSSL and Go, and what strong validation says of
 * each. A row: {@code id | expected | host | root | intermediates | leaf | reason}. Expected is {@code accepted}, {@code
 * mismatch}, {@code expired}, {@code early}, or part of what is shown of a chain that is not trusted. The words of a
 * certificate are those of {@link ShapedChain}; a host {@code mx} is {@code mx.bank.example}.
 */
class ShapeTableTest {

    private static final Map<String, Violation> VIOLATIONS = Map.of(
            "mismatch", Violation.CERTIFICATE_NAME_MISMATCH,
            "expired", Violation.CERTIFICATE_EXPIRED,
            "early", Violation.CERTIFICATE_NOT_YET_VALID);

    private static final String TABLE = """
            # host names: what a dNSName constraint holds
            dns-same | accepted | bank.example | permit.dns=bank.example | - | dns=bank.example | zero labels more
            dns-below | accepted | mx | permit.dns=bank.example | - | dns=mx.bank.example | one label more
            dns-deep | accepted | a.mx.bank.example | permit.dns=bank.example | - | dns=a.mx.bank.example | two labels more
            dns-case | accepted | mx | permit.dns=BANK.Example | - | dns=MX.bank.EXAMPLE | host names ignore case
            dns-beside | a name outside | mx.notbank.example | permit.dns=bank.example | - | dns=mx.notbank.example | labels are compared as a whole
            dns-above | a name outside | bank.example | permit.dns=mx.bank.example | - | dns=bank.example | a name above the subtree
            dns-other | a name outside | mx | permit.dns=evil.example | - | dns=mx.bank.example | another domain
            dns-one-of-two | accepted | mx | permit.dns=evil.example permit.dns=bank.example | - | dns=mx.bank.example | one permitted subtree is enough
            dns-second-name | a name outside | mx | permit.dns=bank.example | - | dns=mx.bank.example dns=mx.evil.example | every name counts, not the host's alone
            dns-top-level | accepted | mx | permit.dns=example | - | dns=mx.bank.example | a subtree of one label
            dns-everything-excluded | a name outside | mx | exclude.dns= | - | dns=mx.bank.example | nothing excludes every name: the customary way
            dns-everything-excluded-below | a name outside | mx | - | exclude.dns= | dns=mx.bank.example | the same of an intermediate, on which the platform breaks
            dns-everything-excluded-no-name | accepted | 192.0.2.25 | exclude.dns= | - | ip=192.0.2.25 | no host name, nothing outside
            dns-everything-excluded-cn | a name outside | mx | exclude.dns= | - | subject=CN=mx.bank.example | deviation: a host name in the CN stands in for DNS SANs
            dns-everything-permitted | accepted | mx | permit.dns= | - | dns=mx.bank.example | nothing permits every name
            dns-everything-permitted-below | accepted | mx | - | permit.dns= | dns=mx.bank.example | the same of an intermediate
            dns-everything-permitted-cn | mismatch | mx | permit.dns= | - | subject=CN=mx.bank.example | and the CN does not count even so
            dns-excluded | a name outside | mx | exclude.dns=bank.example | - | dns=mx.bank.example | an excluded domain
            dns-excluded-host | a name outside | mx | exclude.dns=mx.bank.example | - | dns=mx.bank.example | an excluded host
            dns-excluded-beside | accepted | mx | exclude.dns=mx2.bank.example | - | dns=mx.bank.example | another host is excluded
            dns-excluded-second | a name outside | mx | exclude.dns=evil.example | - | dns=mx.bank.example dns=www.evil.example | an excluded name beside the host's
            dns-excluded-within-permitted | a name outside | mx | permit.dns=bank.example exclude.dns=mx.bank.example | - | dns=mx.bank.example | an exclusion comes before a permission
            dns-permitted-within-excluded | a name outside | mx | permit.dns=mx.bank.example exclude.dns=bank.example | - | dns=mx.bank.example | and the reverse changes nothing
            dns-both-same | a name outside | mx | permit.dns=bank.example exclude.dns=bank.example | - | dns=mx.bank.example | permitted and excluded at once
            # host names: leading dots, which RFC 5280 does not know here (deviation: read as for URIs)
            dot-below | accepted | mx | permit.dns=.bank.example | - | dns=mx.bank.example | deviation: a leading dot stands for what is below; common in practice
            dot-deep | accepted | a.mx.bank.example | permit.dns=.bank.example | - | dns=a.mx.bank.example | deviation: however deep
            dot-itself | a name outside | bank.example | permit.dns=.bank.example | - | dns=bank.example | deviation: the name itself is left out
            dot-excluded | a name outside | mx | exclude.dns=.bank.example | - | dns=mx.bank.example | deviation: the same of exclusions
            dot-excluded-itself | accepted | bank.example | exclude.dns=.bank.example | - | dns=bank.example | deviation: the name itself is not excluded
            dot-under-plain | accepted | mx | permit.dns=bank.example | permit.dns=.bank.example | dns=mx.bank.example | each authority by itself, no intersection of forms
            plain-under-dot | accepted | mx | permit.dns=.bank.example | permit.dns=bank.example | dns=mx.bank.example | and the reverse
            dot-under-plain-itself | a name outside | bank.example | permit.dns=bank.example | permit.dns=.bank.example | dns=bank.example | the stricter of the two counts
            # host names: constraints that do not parse
            dns-dot | cannot be read | mx | permit.dns=. | - | dns=mx.bank.example | a dot is no name
            dns-trailing-dot | cannot be read | mx | permit.dns=bank.example. | - | dns=mx.bank.example | a trailing dot
            dns-wildcard | cannot be read | mx | permit.dns=*.bank.example | - | dns=mx.bank.example | a wildcard
            dns-excluded-wildcard | cannot be read | mx | exclude.dns=*.evil.example | - | dns=mx.bank.example | what cannot be read is not passed over, excluded or not
            dns-two-dots | cannot be read | mx | permit.dns=bank..example | - | dns=mx.bank.example | an empty label
            dns-space | cannot be read | mx | permit.dns=_ | - | dns=mx.bank.example | a space
            dns-u-label | cannot be read | mx | permit.dns=bänk.example | - | dns=mx.bank.example | no IA5String
            dns-address | cannot be read | mx | permit.dns=192.0.2.25 | - | dns=mx.bank.example | an address is no host name
            dns-unread-below | cannot be read | mx | - | permit.dns=*.bank.example | dns=mx.bank.example | the same of an intermediate
            dns-unread-no-name | cannot be read | 192.0.2.25 | permit.dns=*.bank.example | - | ip=192.0.2.25 | even where no name is of that form: it has to parse
            # host names: names that do not parse, under constraints
            san-trailing-dot | a name outside | mx | permit.dns=bank.example | - | dns=mx.bank.example dns=mx.bank.example. | whether it is inside cannot be told
            san-trailing-dot-excluded | a name outside | mx | exclude.dns=evil.example | - | dns=mx.bank.example dns=mx.evil.example. | nor whether it is excluded
            san-trailing-dot-free | accepted | mx | - | - | dns=mx.bank.example dns=mx.bank.example. | without constraints it only does not count
            san-address-as-name | a name outside | mx | permit.dns=bank.example | - | dns=mx.bank.example dns=192.0.2.25 | an address is no host name
            san-partial-wildcard | a name outside | mx | permit.dns=bank.example | - | dns=mx.bank.example dns=m*.bank.example | a wildcard inside a label
            # wildcards under constraints
            wild-inside | accepted | mx | permit.dns=bank.example | - | dns=*.bank.example | every name that it stands for is inside
            wild-dot | accepted | mx | permit.dns=.bank.example | - | dns=*.bank.example | the name without a label is none of them
            wild-narrower | a name outside | mx | permit.dns=mx.bank.example | - | dns=*.bank.example | it stands for names outside as well
            wild-excluded | a name outside | mx | exclude.dns=bank.example | - | dns=*.bank.example | all of its names are excluded
            wild-excluded-host | mismatch | mx | exclude.dns=mx.bank.example | - | dns=*.bank.example | this host is excluded, though the wildcard's text is not
            wild-excluded-other | accepted | mx | exclude.dns=mx2.bank.example | - | dns=*.bank.example | deviation: BoringSSL and Go refuse the whole; here each host is judged
            wild-outside | a name outside | mx | permit.dns=evil.example | - | dns=*.bank.example | another domain
            # several authorities
            two-narrower | a name outside | foo.bank.example | - | permit.dns=foo.bank.example permit.dns=bar.bank.example / permit.dns=bar.bank.example | dns=foo.bank.example | the lower authority permits less
            two-wider | a name outside | foo.bank.example | - | permit.dns=bar.bank.example / permit.dns=foo.bank.example permit.dns=bar.bank.example | dns=foo.bank.example | the lower cannot permit more
            two-meet | accepted | bar.bank.example | - | permit.dns=bank.example / permit.dns=bar.bank.example | dns=bar.bank.example | inside both
            two-disjoint | a name outside | mx | permit.dns=bank.example | permit.dns=evil.example | dns=mx.bank.example | nothing is inside both
            two-forms | accepted | mx | permit.dns=bank.example | permit.ip=192.0.2.0/255.255.255.0 | dns=mx.bank.example ip=192.0.2.25 | each form for itself
            excluded-above-permitted-below | a name outside | mx | exclude.dns=bank.example | permit.dns=mx.bank.example | dns=mx.bank.example | exclusions add up
            root-and-two-below | accepted | mx | permit.dns=example | permit.dns=bank.example / exclude.dns=evil.example | dns=mx.bank.example | three authorities
            # names of authorities
            authority-san | a name outside | mx | permit.dns=bank.example | dns=mx.evil.example | dns=mx.bank.example | an authority's SAN counts too
            authority-san-inside | accepted | mx | permit.dns=bank.example | dns=ca.bank.example | dns=mx.bank.example | one inside
            authority-san-excluded-by-intermediate | a name outside | mx | - | exclude.dns=evil.example / dns=ca.evil.example | dns=mx.bank.example | below an intermediate
            authority-self-issued | accepted | mx | permit.dns=bank.example | subject=O=Shapes,CN=Root dns=mx.evil.example | dns=mx.bank.example | a self-issued authority's names may lie outside
            authority-own-names | accepted | mx | - | permit.dns=bank.example dns=ca.evil.example | dns=mx.bank.example | an authority's constraints do not concern itself
            leaf-self-issued | a name outside | mx.evil.example | permit.dns=bank.example | - | subject=O=Shapes,CN=Root dns=mx.evil.example | a self-issued mail host's names may not
            authority-cn-word | accepted | mx | permit.dns=bank.example | subject=CN=Issuing | dns=mx.bank.example | an authority's CN is no host name
            authority-cn-adcs | accepted | mx | permit.dns=bank.example | subject=CN=bank-DC01-CA | dns=mx.bank.example | the usual name of an AD CS authority
            authority-cn-adcs-below | accepted | mx | - | permit.dns=bank.example / subject=CN=bank-DC01-CA | dns=mx.bank.example | below an intermediate, where the platform refuses it
            authority-cn-host | accepted | mx | - | permit.dns=bank.example / subject=CN=ca.evil.example | dns=mx.bank.example | even one that looks like a host
            authority-cn-excluded | accepted | mx | - | exclude.dns=issuing / subject=CN=Issuing | dns=mx.bank.example | excluded as a host name
            # the CN of a mail host
            cn-host | accepted | mx | - | - | subject=CN=mx.bank.example | deviation: operators were promised CN or SAN
            cn-beside-san | accepted | mx | - | - | subject=CN=mx.bank.example dns=www.bank.example | deviation: even beside SANs
            cn-address | mismatch | 192.0.2.25 | - | - | subject=CN=192.0.2.25 | never for an address
            cn-permitted | mismatch | mx | permit.dns=bank.example | - | subject=CN=mx.bank.example | under host name constraints it proves nothing
            cn-permitted-below | mismatch | mx | - | permit.dns=bank.example | subject=CN=mx.bank.example | the same below an intermediate
            cn-outside-address | a name outside | 192.0.2.25 | permit.dns=bank.example | - | subject=CN=mx.evil.example ip=192.0.2.25 | deviation: without DNS SANs a host name in it has to be inside
            cn-outside-san-inside | accepted | mx | permit.dns=bank.example | - | subject=CN=mx.evil.example dns=mx.bank.example | with DNS SANs it is outside of nothing
            cn-under-address-constraints | accepted | mx | permit.ip=192.0.2.0/255.255.255.0 | - | subject=CN=mx.bank.example | constraints on addresses leave it alone
            # addresses
            ip4-inside | accepted | 192.0.2.25 | permit.ip=192.0.2.0/255.255.255.0 | - | ip=192.0.2.25 | inside the network
            ip4-outside | a name outside | 192.0.3.1 | permit.ip=192.0.2.0/255.255.255.0 | - | ip=192.0.3.1 | outside
            ip4-excluded | a name outside | 192.0.2.25 | exclude.ip=192.0.2.0/255.255.255.0 | - | ip=192.0.2.25 | excluded
            ip4-excluded-other | accepted | 192.0.2.25 | exclude.ip=198.51.100.0/255.255.255.0 | - | ip=192.0.2.25 | another network is excluded
            ip4-host | accepted | 192.0.2.25 | permit.ip=192.0.2.25/255.255.255.255 | - | ip=192.0.2.25 | one address
            ip4-all-excluded | a name outside | 192.0.2.25 | exclude.ip=0.0.0.0/0.0.0.0 | - | ip=192.0.2.25 | the customary way to forbid addresses
            ip4-all-excluded-name | accepted | mx | exclude.ip=0.0.0.0/0.0.0.0 | - | dns=mx.bank.example | which does not concern names
            ip4-host-bits | accepted | 192.0.2.25 | permit.ip=192.0.2.1/255.255.255.0 | - | ip=192.0.2.25 | bits behind the mask do not count
            ip6-inside | accepted | 2001:db8::1 | permit.ip=2001:db8::/ffff:ffff:: | - | ip=2001:db8::1 | IPv6
            ip6-outside | a name outside | 2001:db9::1 | permit.ip=2001:db8::/ffff:ffff:: | - | ip=2001:db9::1 | IPv6 outside
            ip6-excluded | a name outside | ::1 | exclude.ip=::1/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff | - | ip=::1 | one IPv6 address excluded
            ip6-under-ip4 | a name outside | 2001:db8::1 | permit.ip=192.0.2.0/255.255.255.0 | - | ip=2001:db8::1 | one form of name: only an IPv4 network is permitted
            ip4-under-ip6-excluded | accepted | 192.0.2.25 | exclude.ip=::/:: | - | ip=192.0.2.25 | all of IPv6 is excluded, this is none
            ip-mask-hole | cannot be read | 192.0.2.25 | permit.ip=192.0.2.0/255.0.255.0 | - | ip=192.0.2.25 | a mask is ones, then zeros
            ip-no-mask | cannot be read | 192.0.2.25 | permit.ip=192.0.2.25 | - | ip=192.0.2.25 | an address without a mask
            ip-no-mask-6 | cannot be read | ::1 | permit.ip=::1 | - | ip=::1 | the same of IPv6
            ip-odd | cannot be read | 192.0.2.25 | permit.ip=hex:c0000200ffffff nc=plain | - | ip=192.0.2.25 | seven octets
            ip-empty | cannot be read | 192.0.2.25 | exclude.ip=hex: nc=plain | - | ip=192.0.2.25 | no octets
            ip-san-odd | unreadable extension, SAN | mx | permit.ip=192.0.2.0/255.255.255.0 | - | dns=mx.bank.example ip=hex:c00002 | an address of three octets
            ip-name-only | accepted | mx | permit.ip=192.0.2.0/255.255.255.0 | - | dns=mx.bank.example | constraints on addresses do not concern names
            dns-address-only | accepted | 192.0.2.25 | permit.dns=bank.example | - | ip=192.0.2.25 | nor the reverse
            # distinguished names
            dir-inside | accepted | mx | permit.dir=O=Bank | - | subject=O=Bank,CN=Gateway dns=mx.bank.example | the subject begins with the base
            dir-same | accepted | mx | permit.dir=O=Bank | - | subject=O=Bank dns=mx.bank.example | the very base
            dir-outside | a name outside | mx | permit.dir=O=Bank | - | subject=O=Thief dns=mx.bank.example | another subject
            dir-case | accepted | mx | permit.dir=O=THE__bank | - | subject=O=The_Bank,CN=x dns=mx.bank.example | case and number of spaces do not count
            dir-longer-base | a name outside | mx | permit.dir=O=Bank,OU=Mail | - | subject=O=Bank dns=mx.bank.example | the name ends before the base does
            dir-excluded | a name outside | mx | exclude.dir=O=Bank | - | subject=O=Bank,CN=x dns=mx.bank.example | excluded
            dir-excluded-middle | accepted | mx | exclude.dir=OU=Mail | - | subject=O=Bank,OU=Mail,CN=x dns=mx.bank.example | a base in the midst of the name is none
            dir-permitted-middle | a name outside | mx | permit.dir=OU=Mail | - | subject=O=Bank,OU=Mail,CN=x dns=mx.bank.example | the same of permissions
            dir-excluded-end | accepted | mx | exclude.dir=CN=x | - | subject=O=Bank,CN=x dns=mx.bank.example | nor at its end
            dir-empty-subject | accepted | mx | permit.dir=O=Bank | - | subject= dns=mx.bank.example | an empty subject is not concerned
            dir-empty-subject-excluded | accepted | mx | exclude.dir=O=Thief | - | subject= dns=mx.bank.example | nor by exclusions
            dir-all-excluded | a name outside | mx | exclude.dir= | - | subject=O=Bank dns=mx.bank.example | an empty base excludes every name
            dir-all-excluded-empty | accepted | mx | exclude.dir= | - | subject= dns=mx.bank.example | but for one without subject
            dir-san | a name outside | mx | permit.dir=O=Bank | - | subject=O=Bank dns=mx.bank.example dir=O=Thief | a SAN of that form counts
            dir-san-inside | accepted | mx | permit.dir=O=Bank | - | subject=O=Bank dns=mx.bank.example dir=O=Bank,CN=y | one inside
            dir-san-excluded | a name outside | mx | exclude.dir=O=Thief | - | subject=O=Bank dns=mx.bank.example dir=O=Thief,CN=y | one excluded
            dir-authority | a name outside | mx | permit.dir=O=Bank | subject=O=Thief,CN=CA | subject=O=Bank dns=mx.bank.example | an authority's subject counts
            dir-authority-inside | accepted | mx | permit.dir=O=Bank | subject=O=Bank,CN=CA | subject=O=Bank dns=mx.bank.example | one inside
            dir-two-bases | accepted | mx | permit.dir=O=Thief permit.dir=O=Bank | - | subject=O=Bank,CN=x dns=mx.bank.example | one base is enough
            dir-two-authorities | accepted | mx | permit.dir=O=Bank | permit.dir=O=Bank,OU=Mail subject=O=Bank,CN=CA | subject=O=Bank,OU=Mail dns=mx.bank.example | inside both
            dir-set | accepted | mx | permit.dir=O=Bank+OU=Mail | - | subject=OU=Mail+O=Bank,CN=x dns=mx.bank.example | the order within one relative name does not count
            # mail addresses and URIs
            mail-box | accepted | mx | permit.mail=post@bank.example | - | dns=mx.bank.example mail=post@bank.example | one mailbox
            mail-box-case | a name outside | mx | permit.mail=post@bank.example | - | dns=mx.bank.example mail=Post@bank.example | the local part counts with its case
            mail-box-domain-case | accepted | mx | permit.mail=post@bank.example | - | dns=mx.bank.example mail=post@BANK.example | the domain does not
            mail-host | accepted | mx | permit.mail=bank.example | - | dns=mx.bank.example mail=any@bank.example | every mailbox of a host
            mail-host-below | a name outside | mx | permit.mail=bank.example | - | dns=mx.bank.example mail=any@mx.bank.example | not of one below
            mail-domain | accepted | mx | permit.mail=.bank.example | - | dns=mx.bank.example mail=any@mx.bank.example | a domain
            mail-domain-itself | a name outside | mx | permit.mail=.bank.example | - | dns=mx.bank.example mail=any@bank.example | not the domain itself
            mail-excluded | a name outside | mx | exclude.mail=bank.example | - | dns=mx.bank.example mail=any@bank.example | excluded
            mail-all-excluded | a name outside | mx | exclude.mail= nc=plain | - | dns=mx.bank.example mail=any@bank.example | the customary way to forbid mail addresses; not critical, since the platform reads no critical one
            mail-all-excluded-none | accepted | mx | exclude.mail= nc=plain | - | dns=mx.bank.example | without one nothing is outside
            mail-star | a name outside | mx | permit.mail=*@bank.example | - | dns=mx.bank.example mail=any@bank.example | an asterisk is a letter like others
            mail-star-itself | accepted | mx | permit.mail=*@bank.example | - | dns=mx.bank.example mail=*@bank.example | and stands for itself
            mail-two-ats | cannot be read | mx | permit.mail=a@b@bank.example | - | dns=mx.bank.example | no mailbox
            mail-no-at | a name outside | mx | permit.mail=bank.example | - | dns=mx.bank.example mail=bank.example | a name that is no mailbox
            mail-subject | a name outside | mx | permit.mail=evil.example | - | subject=CN=mx.bank.example,E=any@bank.example | without SANs the subject's mail address counts
            mail-subject-beside-san | accepted | mx | permit.mail=evil.example | - | subject=O=Bank,E=any@bank.example dns=mx.bank.example | with SANs it does not
            uri-host | accepted | mx | permit.uri=www.bank.example | - | dns=mx.bank.example uri=https://www.bank.example/x | the very host
            uri-host-below | a name outside | mx | permit.uri=bank.example | - | dns=mx.bank.example uri=https://www.bank.example/ | no labels more without a leading dot
            uri-domain | accepted | mx | permit.uri=.bank.example | - | dns=mx.bank.example uri=https://www.bank.example:8443/ | below, and the port does not count
            uri-excluded | a name outside | mx | exclude.uri=.bank.example | - | dns=mx.bank.example uri=https://www.bank.example/ | excluded
            uri-no-host | a name outside | mx | exclude.uri=.evil.example | - | dns=mx.bank.example uri=urn:x:y | a URI without a host is refused under constraints
            uri-address | a name outside | mx | exclude.uri=.evil.example | - | dns=mx.bank.example uri=https://192.0.2.25/ | as is one with an address
            uri-no-host-free | accepted | mx | - | - | dns=mx.bank.example uri=urn:x:y | and not without them
            # forms that are not evaluated
            other-none | accepted | mx | exclude.other=x@bank.example | - | dns=mx.bank.example | no such name, nothing outside
            other-none-below | accepted | mx | - | exclude.other=x@bank.example | dns=mx.bank.example | the same of an intermediate, on which the platform breaks
            other-permitted-none | accepted | mx | - | permit.other=x@bank.example | dns=mx.bank.example | nor when such names are permitted
            other-there | a name outside | mx | exclude.other=x@bank.example | - | dns=mx.bank.example other=y@bank.example | it cannot be told whether the name is excluded
            other-free | accepted | mx | permit.dns=bank.example | - | dns=mx.bank.example other=y@bank.example | no constraint on that form
            rid-none | accepted | mx | permit.rid=x | - | dns=mx.bank.example | registeredID
            rid-there | a name outside | mx | permit.rid=x | - | dns=mx.bank.example rid=x | one in the certificate
            x400-none | accepted | mx | permit.x400=x | - | dns=mx.bank.example | x400Address
            x400-none-below | accepted | mx | - | permit.x400=x | dns=mx.bank.example | the same of an intermediate
            # the extension itself
            nc-minimum | cannot be read | mx | permit.dns=bank.example;min=1 | - | dns=mx.bank.example | the minimum is zero
            nc-minimum-zero | accepted | mx | permit.dns=bank.example;min=0 | - | dns=mx.bank.example | deviation: a zero that DER would leave out
            nc-maximum | cannot be read | mx | permit.dns=bank.example;max=3 | - | dns=mx.bank.example | there is no maximum
            nc-maximum-excluded | cannot be read | mx | exclude.dns=evil.example;max=0 | - | dns=mx.bank.example | nor in exclusions
            nc-not-critical | accepted | mx | permit.dns=bank.example nc=plain | - | dns=mx.bank.example | deviation: RFC 5280 binds the issuer; the CA/Browser Forum allows it
            nc-not-critical-holds | a name outside | mx | permit.dns=evil.example nc=plain | - | dns=mx.bank.example | it holds all the same
            nc-empty | cannot be read | mx | nc=empty | - | dns=mx.bank.example | constraints have to constrain something
            nc-hollow | cannot be read | mx | nc=hollow | - | dns=mx.bank.example | a list of subtrees has one at least
            nc-garbled | cannot be read | mx | nc=garbled | - | dns=mx.bank.example | no DER, and not critical
            nc-garbled-below | cannot be read | mx | - | nc=garbled | dns=mx.bank.example | the same of an intermediate
            nc-leaf | no authority's | mx | - | - | dns=mx.bank.example permit.dns=bank.example | only for authorities
            nc-leaf-plain | no authority's | mx | - | - | dns=mx.bank.example permit.dns=bank.example nc=plain | critical or not
            nc-leaf-authority | accepted | mx | - | - | dns=mx.bank.example permit.dns=evil.example ca=any usage=sign+cert | an authority that is a mail host: its own names are free
            # extensions that have to parse
            usage-garbled | unreadable extension, key usage | mx | - | - | dns=mx.bank.example usage=garbled | not critical, and not absent either
            purpose-garbled | unreadable extension, extended | mx | - | - | dns=mx.bank.example purpose=garbled | extended key usage
            purpose-empty | unreadable extension, extended | mx | - | - | dns=mx.bank.example purpose=empty | one purpose at least
            constraints-garbled | unreadable extension, basic | mx | - | - | dns=mx.bank.example ca=garbled | basic constraints
            san-garbled | unreadable extension, SAN | mx | - | - | subject=CN=mx.bank.example garbled=2.5.29.17 | the CN does not stand in for a garbled SAN
            san-unknown-form | unreadable extension, SAN | mx | - | - | dns=mx.bank.example raw9=00 | there are nine forms
            san-high-octet | unreadable extension, SAN | mx | - | - | dns=mx.bank.example dns=bänk.example | no IA5String
            aki-garbled | unreadable extension, authority key | mx | - | - | dns=mx.bank.example garbled=2.5.29.35 | authority key identifier
            policies-garbled | unreadable extension, certificate pol | mx | - | - | dns=mx.bank.example garbled=2.5.29.32 | certificate policies
            authority-usage-garbled | unreadable extension, key usage | mx | - | usage=garbled | dns=mx.bank.example | the same of an authority
            authority-constraints-garbled | unreadable extension, basic | mx | - | ca=garbled | dns=mx.bank.example | basic constraints
            authority-constraints-negative | unreadable extension, basic | mx | - | ca=negative | dns=mx.bank.example | fewer intermediates than none
            authority-purpose-garbled | unreadable extension, extended | mx | - | purpose=garbled | dns=mx.bank.example | extended key usage
            root-usage-garbled | unreadable extension, key usage | mx | usage=garbled | - | dns=mx.bank.example | and of the root
            root-aki-garbled | unreadable extension, authority key | mx | garbled=2.5.29.35 | - | dns=mx.bank.example | authority key identifier
            ski-garbled | accepted | mx | - | - | dns=mx.bank.example garbled=2.5.29.14 | deviation: the subject key identifier has no part in the verdict
            aia-garbled | accepted | mx | - | - | dns=mx.bank.example garbled=1.3.6.1.5.5.7.1.1 | deviation: nothing is fetched, so where it could be has no part either
            # extensions, roles, dates
            critical-unknown | UNRECOGNIZED_CRIT_EXT | mx | - | - | dns=mx.bank.example critical=1.2.3.4 | nobody understands it
            critical-unknown-authority | UNRECOGNIZED_CRIT_EXT | mx | - | critical=1.2.3.4 | dns=mx.bank.example | of an authority
            critical-unknown-constrained | UNRECOGNIZED_CRIT_EXT | mx | - | critical=1.2.3.4 permit.dns=bank.example | dns=mx.bank.example | of one with name constraints
            unknown | accepted | mx | - | ext=1.2.3.4 | dns=mx.bank.example ext=1.2.3.4 | not critical
            no-usage | accepted | mx | - | - | dns=mx.bank.example usage=absent | key usage may be absent
            no-purpose | accepted | mx | - | - | dns=mx.bank.example purpose=absent | so may extended key usage
            any-purpose | accepted | mx | - | - | dns=mx.bank.example purpose=any | deviation: the CA/Browser Forum's rules are for public authorities
            client-purpose | another extended key usage | mx | - | - | dns=mx.bank.example purpose=client+mail | no server
            root-purpose | accepted | mx | purpose=server | - | dns=mx.bank.example | deviation: as any-purpose
            not-an-authority | is not a CA | mx | - | ca=no | dns=mx.bank.example | basic constraints say no
            no-constraints | is not a CA | mx | - | ca=absent | dns=mx.bank.example | or nothing
            not-signing | INVALID_KEY_USAGE | mx | - | usage=crl | dns=mx.bank.example | may not sign certificates
            not-signing-constrained | INVALID_KEY_USAGE | mx | - | usage=crl permit.dns=bank.example | dns=mx.bank.example | nor with name constraints
            root-not-an-authority | basic constraints of the root | mx | ca=no | - | dns=mx.bank.example | the root's own certificate holds too
            root-not-signing | key usage of the root | mx | usage=crl | - | dns=mx.bank.example | and its key usage
            authority-as-host | accepted | mx | - | - | dns=mx.bank.example ca=any usage=sign+cert | deviation: RFC 5280 says nothing of it; private set-ups do it
            host-pathlen | accepted | mx | - | ca=0 | dns=mx.bank.example ca=0 usage=sign+cert | the mail host's certificate is no intermediate
            pathlen-0 | accepted | mx | - | ca=0 | dns=mx.bank.example | none below
            pathlen-0-broken | PATH_TOO_LONG | mx | - | ca=0 / ca=0 | dns=mx.bank.example | one below
            pathlen-0-broken-constrained | PATH_TOO_LONG | mx | - | ca=0 permit.dns=bank.example / permit.dns=bank.example | dns=mx.bank.example | with name constraints
            pathlen-grows | accepted | mx | - | ca=1 / ca=2 | dns=mx.bank.example | a greater number below changes nothing
            pathlen-self-issued | accepted | mx | - | ca=0 subject=O=Shapes,CN=A / subject=O=Shapes,CN=A | dns=mx.bank.example | self-issued ones do not count
            root-pathlen | basic constraints of the root | mx | ca=0 | - / - | dns=mx.bank.example | the root's number counts
            expired-host | expired | mx | - | - | dns=mx.bank.example days=-30..-1 | over
            expired-authority | expired | mx | - | days=-30..-1 | dns=mx.bank.example | over, of an authority
            expired-root | expired | mx | days=-30..-1 | - | dns=mx.bank.example | deviation: RFC 5280 gives a root no dates; here its certificate's count
            early-host | early | mx | - | - | dns=mx.bank.example days=1..30 | not yet
            weak-hash | SHA1withECDSA | mx | - | - | dns=mx.bank.example hash=SHA1 | SHA-1
            weak-hash-authority | SHA1withECDSA | mx | - | hash=SHA1 permit.dns=bank.example | dns=mx.bank.example | of an authority with name constraints
            weak-hash-root | accepted | mx | hash=SHA1 | - | dns=mx.bank.example | a root's own signature proves nothing
            forged | neither presented nor trusted | mx | - | - | dns=mx.bank.example by=stranger | signed by another key
            forged-authority | neither presented nor trusted | mx | - | by=stranger permit.dns=bank.example | dns=mx.bank.example | of an authority with name constraints
            version-1-authority | is not a CA | mx | - | version=1 | dns=mx.bank.example | a certificate without extensions is no authority's
            version-1-root | accepted | mx | version=1 | - | dns=mx.bank.example | deviation: but for a root, which was chosen by hand
            version-1-host | accepted | mx | - | - | subject=CN=mx.bank.example version=1 | deviation: nothing in it forbids anything
            # certificate policies
            policies | accepted | mx | - | policies=30 / policies=30 | dns=mx.bank.example policies=30 | nobody asks for a policy
            policies-mapped | accepted | mx | - | policies=1 mappings=1 / policies=1 mappings=1 | dns=mx.bank.example policies=1 | one to one
            policies-mapped-some | accepted | mx | - | policies=3 mappings=3 / policies=3 mappings=3 | dns=mx.bank.example policies=3 | a few to a few
            policies-exploding | too many policy mappings | mx | - | policies=5 mappings=5 / policies=5 mappings=5 / policies=5 mappings=5 / policies=5 mappings=5 / policies=5 mappings=5 / policies=5 mappings=5 / policies=5 mappings=5 / policies=5 mappings=5 / policies=5 mappings=5 / policies=5 mappings=5 | dns=mx.bank.example policies=5 | deviation: the platform's tree of policies would have ten million leaves and never end
            # names
            wild | accepted | mx | - | - | dns=*.bank.example | one label
            wild-deep | mismatch | a.mx.bank.example | - | - | dns=*.bank.example | not two
            wild-apex | mismatch | bank.example | - | - | dns=*.bank.example | nor none
            wild-inner | mismatch | mx | - | - | dns=mx.*.example | the left-most label alone
            wild-part | mismatch | mx | - | - | dns=m*.bank.example | and the whole of it
            wild-a-label | mismatch | xn--bcher-kva.bank.example | - | - | dns=xn--*.bank.example | not inside an A-label
            wild-alone | mismatch | example | - | - | dns=* | not alone
            wild-top | mismatch | bank.example | - | - | dns=*.example | deviation: RFC 9525 leaves this to the authorities
            sub-name | mismatch | bank.example | - | - | dns=mx.bank.example | a name below
            super-name | mismatch | mx | - | - | dns=bank.example | a name above
            underscore | accepted | mx | - | - | dns=mx.bank.example dns=_x.bank.example | deviation: such names occur in the DNS
            ip-as-name | mismatch | 192.0.2.25 | - | - | dns=192.0.2.25 | an address is an IP SAN
            ip-wrong | mismatch | 192.0.2.25 | - | - | ip=192.0.2.26 | another address
            no-names | mismatch | mx | - | - | - | neither CN nor SAN
            """;

    static List<String> rows() {
        return TABLE.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void checkShouldSayWhatTheRowExpects(String row) {
        List<String> cells = Arrays.stream(row.split("\\|")).map(String::trim).toList();
        ShapedChain chain = ShapedChain.of(cells.get(3), cells.get(4), cells.get(5));
        String host = cells.get(2).equals("mx") ? "mx.bank.example" : cells.get(2);

        Optional<PolicyViolation> found = new StrongValidation(
                        TrustedRoots.of(List.of(chain.root())), Set.of(), Clock.systemUTC())
                .check(chain.presented(), Host.parse(host));

        String expected = cells.get(1);
        if (expected.equals("accepted")) {
            assertThat(found).as(cells.get(6)).isEmpty();
        } else {
            assertThat(found).as(cells.get(6)).hasValueSatisfying(violation -> {
                assertThat(violation.violation())
                        .isEqualTo(VIOLATIONS.getOrDefault(expected, Violation.CERTIFICATE_NOT_TRUSTED));
                assertThat(violation.presented()).contains(VIOLATIONS.containsKey(expected) ? "" : expected);
            });
        }
    }

    @Test
    void everyRowShouldHaveAnIdOfItsOwnAndAReason() {
        List<String> rows = rows();

        assertThat(rows)
                .allSatisfy(row -> assertThat(row.split("\\|")).hasSize(7).doesNotContain(" "));
        assertThat(rows.stream().map(row -> row.split("\\|")[0].trim())).doesNotHaveDuplicates();
    }
}
