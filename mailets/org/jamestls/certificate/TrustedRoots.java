package org.jamestls.certificate;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import javax.security.auth.x500.X500Principal;
import org.jamestls.policy.InvalidValueException;
import org.jamestls.policy.PeerText;

/** The certificates at which a chain may end, loaded once. Safe for use by several threads. */
public final class TrustedRoots {

    private static final String PEM_MARK = "-----BEGIN ";
    private static final Pattern PRIVATE_KEY = Pattern.compile("-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----");
    private static final String BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf"; // RFC 3629 §6, read octet by octet
    private static final char[] CUSTOMARY_PASSWORD = "changeit".toCharArray();
    private static final List<String> STORE_TYPES = List.of("PKCS12", "JKS");
    private static final String FORMS =
            "; write a PEM file with one certificate or more, or a key store (PKCS12 or JKS) with trusted certificates";

    private final Set<X509Certificate> certificates;
    private final Map<X500Principal, List<X509Certificate>> bySubject;

    private TrustedRoots(Collection<X509Certificate> certificates) {
        this.certificates = Collections.unmodifiableSet(new LinkedHashSet<>(certificates));
        this.bySubject =
                this.certificates.stream().collect(Collectors.groupingBy(X509Certificate::getSubjectX500Principal));
    }

    /**
     * These certificates.
     *
     * @throws InvalidValueException when there are none
     */
    public static TrustedRoots of(Collection<X509Certificate> certificates) {
        if (certificates.isEmpty()) {
            throw new InvalidValueException("no trusted root: no chain could ever end");
        }
        return new TrustedRoots(certificates);
    }

    /** The roots that the Java platform trusts by default. */
    public static TrustedRoots ofPlatform() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            return of(Arrays.stream(factory.getTrustManagers())
                    .filter(X509TrustManager.class::isInstance)
                    .flatMap(manager -> Arrays.stream(((X509TrustManager) manager).getAcceptedIssuers()))
                    .toList());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the Java platform's trusted roots cannot be read", e);
        }
    }

    /**
     * The certificates of a PEM file, or of a key store that has no password or the customary {@code changeit}.
     *
     * @throws InvalidValueException when the file cannot be read or holds no certificate
     */
    public static TrustedRoots load(Path file) {
        return load(file, CUSTOMARY_PASSWORD);
    }

    /**
     * The certificates of a PEM file or of a key store.
     *
     * @param password the key store's; a store without one is read without
     * @throws InvalidValueException when the file cannot be read or holds no certificate
     */
    public static TrustedRoots load(Path file, char[] password) {
        try {
            byte[] content = Files.readAllBytes(file);
            String text = new String(content, StandardCharsets.ISO_8859_1);
            if (PRIVATE_KEY.matcher(text).find()) {
                throw new InvalidValueException("'" + file + "' holds a private key; remove it");
            }
            List<X509Certificate> found = text.contains(PEM_MARK) ? pem(text) : keyStore(content, password);
            if (found.isEmpty()) {
                throw new InvalidValueException("'" + file + "' holds no trusted certificate" + FORMS);
            }
            return of(found);
        } catch (NoSuchFileException e) {
            throw new InvalidValueException("'" + file + "' does not exist" + FORMS);
        } catch (IOException | GeneralSecurityException e) {
            throw new InvalidValueException(
                    "'" + file + "' cannot be read: " + PeerText.clean(String.valueOf(e.getMessage())) + FORMS);
        }
    }

    private static List<X509Certificate> pem(String text) throws CertificateException {
        String marked = text.startsWith(BYTE_ORDER_MARK) ? text.substring(BYTE_ORDER_MARK.length()) : text;
        return CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(marked.getBytes(StandardCharsets.ISO_8859_1)))
                .stream()
                .map(X509Certificate.class::cast)
                .toList();
    }

    private static List<X509Certificate> keyStore(byte[] content, char[] password)
            throws GeneralSecurityException, IOException {
        boolean wrongPassword = false;
        for (String type : STORE_TYPES) {
            try {
                return trusted(type, content, password);
            } catch (IOException e) {
                // KeyStore.load: this cause says that the password is the fault
                wrongPassword |= e.getCause() instanceof UnrecoverableKeyException;
            }
        }
        for (String type : STORE_TYPES) {
            try {
                List<X509Certificate> readable = trusted(type, content, null);
                if (!readable.isEmpty()) {
                    return readable;
                }
            } catch (IOException e) {
                // not a store of this type
            }
        }
        throw new IOException(wrongPassword ? "its password is another one" : "it is neither PEM nor a key store");
    }

    private static List<X509Certificate> trusted(String type, byte[] content, char[] password)
            throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(type);
        store.load(new ByteArrayInputStream(content), password);
        List<X509Certificate> trusted = new ArrayList<>();
        for (String alias : Collections.list(store.aliases())) {
            Certificate certificate = store.getCertificate(alias);
            if (store.isCertificateEntry(alias) && certificate instanceof X509Certificate root) {
                trusted.add(root);
            }
        }
        return trusted;
    }

    /** These roots and others besides. */
    public TrustedRoots and(TrustedRoots others) {
        Set<X509Certificate> all = new LinkedHashSet<>(certificates);
        all.addAll(others.certificates);
        return new TrustedRoots(all);
    }

    public Set<X509Certificate> certificates() {
        return certificates;
    }

    public int size() {
        return certificates.size();
    }

    boolean contains(X509Certificate certificate) {
        return certificates.contains(certificate);
    }

    List<X509Certificate> withSubject(X500Principal subject) {
        return bySubject.getOrDefault(subject, List.of());
    }
}
