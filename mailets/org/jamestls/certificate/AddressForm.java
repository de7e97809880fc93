package org.jamestls.certificate;

import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1OctetString;

/** IP addresses, {@code iPAddress}. An IPv4 address lies in no network of IPv6, nor the reverse. */
record AddressForm() implements NameForm<byte[], AddressForm.Network> {

    private static final int IPV4_OCTETS = 4;
    private static final int IPV6_OCTETS = 16;

    /** The octets of a network and its mask, one behind the other. */
    record Network(byte[] octets) {

        private int length() {
            return octets.length / 2;
        }

        private boolean holds(byte[] address) {
            boolean within = address.length == length();
            for (int i = 0; within && i < address.length; i++) {
                within = ((address[i] ^ octets[i]) & octets[length() + i]) == 0;
            }
            return within;
        }

        /** RFC 4632 §3.1: ones, then zeros. */
        private boolean hasPrefixMask() {
            boolean ended = false;
            for (int bit = 0; bit < Byte.SIZE * length(); bit++) {
                boolean set = (octets[length() + bit / Byte.SIZE] & 0x80 >> bit % Byte.SIZE) != 0;
                if (set && ended) {
                    return false;
                }
                ended |= !set;
            }
            return true;
        }
    }

    @Override
    public byte[] name(ASN1Encodable value) {
        byte[] octets = ASN1OctetString.getInstance(value).getOctets();
        if (octets.length != IPV4_OCTETS && octets.length != IPV6_OCTETS) {
            throw new IllegalArgumentException("an address of " + octets.length + " octets");
        }
        return octets;
    }

    @Override
    public Network subtree(ASN1Encodable base) {
        Network network = new Network(ASN1OctetString.getInstance(base).getOctets());
        // RFC 5280 §4.2.1.10: eight octets or thirty-two, the second half a mask as in RFC 4632
        if (network.octets.length != 2 * IPV4_OCTETS && network.octets.length != 2 * IPV6_OCTETS
                || !network.hasPrefixMask()) {
            throw new IllegalArgumentException("a network without an address and a prefix mask");
        }
        return network;
    }

    @Override
    public boolean within(byte[] name, Network subtree) {
        return subtree.holds(name);
    }
}
