package org.jamestls.certificate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jamestls.policy.InvalidValueException;

/**
 * Where the trusted roots come from.
 *
 * @param instead a PEM file or key store in place of the Java platform's roots
 * @param additional one whose roots are trusted besides
 */
public record RootFiles(Optional<Path> instead, Optional<Path> additional) {

    /**
     * The roots as the files have them now.
     *
     * @throws InvalidValueException when one cannot be read or holds no certificate
     */
    public TrustedRoots load() {
        TrustedRoots roots = instead.map(TrustedRoots::load).orElseGet(TrustedRoots::ofPlatform);
        return additional.map(TrustedRoots::load).map(roots::and).orElse(roots);
    }

    /** The files that are read, none where the platform's roots alone count. */
    List<Path> files() {
        return Stream.of(instead, additional).flatMap(Optional::stream).toList();
    }

    /** What tells one content of the files from another. */
    String digest() {
        MessageDigest digest = sha256();
        for (Path file : files()) {
            byte[] content = content(file);
            digest.update((content.length + ":").getBytes(StandardCharsets.US_ASCII));
            digest.update(content);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** A file that cannot be read has the content of none. */
    private static byte[] content(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            return new byte[0];
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256"); // every JDK has it
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
