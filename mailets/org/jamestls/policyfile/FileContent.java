package org.jamestls.policyfile;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jamestls.policy.PeerText;

/**
 * Reads files through symbolic links and up to a size.
 *
 * @param maxBytes the largest size accepted, in bytes
 */
record FileContent(int maxBytes) {

    static final FileContent MAX_256_MIB = new FileContent(256 * 1024 * 1024);

    private static final int CHUNK = 64 * 1024;

    /**
     * The whole content.
     *
     * @throws PolicyFileException when the file is missing, too large or cannot be read
     */
    byte[] read(Path file) throws PolicyFileException {
        return open(file, in -> {
            byte[] content = in.readNBytes(maxBytes + 1);
            return content.length > maxBytes ? reject(file, tooLarge()) : content;
        });
    }

    /**
     * What tells one content from another: its SHA-256, in hexadecimal. The content is never in memory as a whole.
     *
     * @throws PolicyFileException as {@link #read} does
     */
    String digest(Path file) throws PolicyFileException {
        return open(file, in -> {
            MessageDigest digest = sha256();
            byte[] chunk = new byte[CHUNK];
            long size = 0;
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                digest.update(chunk, 0, n);
                size += n;
                if (size > maxBytes) {
                    return reject(file, tooLarge());
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        });
    }

    static String digest(byte[] content) {
        return HexFormat.of().formatHex(sha256().digest(content));
    }

    private interface Use<T> {
        T apply(InputStream in) throws IOException, PolicyFileException;
    }

    private <T> T open(Path file, Use<T> use) throws PolicyFileException {
        try {
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                return reject(file, "is not a regular file; write the policy into one");
            }
            if (Files.size(file) > maxBytes) {
                return reject(file, tooLarge());
            }
            try (InputStream in = Files.newInputStream(file)) {
                return use.apply(in);
            }
        } catch (NoSuchFileException e) {
            return reject(file, "the file is missing; write it, with <tlsEnforcement> as its root element");
        } catch (AccessDeniedException e) {
            return reject(file, "the file may not be read by the user that James runs as; permit it");
        } catch (IOException e) {
            return reject(file, "the file cannot be read: " + PeerText.clean(String.valueOf(e.getMessage())));
        }
    }

    private String tooLarge() {
        return "the file is larger than " + maxBytes + " bytes; split off what is no policy";
    }

    private static <T> T reject(Path file, String message) throws PolicyFileException {
        throw new PolicyFileException(List.of(PolicyFileError.ofWholeFile(file.toString(), message)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256"); // every JDK has it
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
