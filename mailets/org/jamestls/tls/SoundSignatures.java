package org.jamestls.tls;

import java.security.AlgorithmConstraints;
import java.security.AlgorithmParameters;
import java.security.CryptoPrimitive;
import java.security.Key;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Permits every algorithm but signatures with SHA-224 or worse (RFC 9155 §2), for the virtual machine's TLS, which offers
 * what is permitted; a list of signatures it takes from Java 19 on only. What the virtual machine itself forbids remains
 * forbidden.
 */
final class SoundSignatures implements AlgorithmConstraints {

    private static final Pattern UNSOUND = Pattern.compile("(MD2|MD5|SHA-?1|SHA-?224)WITH.*");

    @Override
    public boolean permits(Set<CryptoPrimitive> primitives, String algorithm, AlgorithmParameters parameters) {
        return !UNSOUND.matcher(algorithm.toUpperCase(Locale.ROOT)).matches();
    }

    @Override
    public boolean permits(Set<CryptoPrimitive> primitives, Key key) {
        return true;
    }

    @Override
    public boolean permits(Set<CryptoPrimitive> primitives, String algorithm, Key key, AlgorithmParameters parameters) {
        return permits(primitives, algorithm, parameters);
    }
}
