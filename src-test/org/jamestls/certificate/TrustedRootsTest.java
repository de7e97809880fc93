package org.jamestls.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import org.jamestls.policy.InvalidValueException;
import org.jamestls.testing.CertificateAuthority;
import org.jamestls.testing.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedRootsTest {

    private static final String CERTIFICATES_ENCRYPTED_WITH = "keystore.pkcs12.certProtectionAlgorithm";
    private static final String INTEGRITY_BY = "keystore.pkcs12.macAlgorithm";
    private static final X509Certificate ONE = CertificateAuthority.root("One").certificate();
    private static final X509Certificate TWO = CertificateAuthority.root("Two").certificate();

    @TempDir
    private Path directory;

    @Test
    void ofPlatformShouldHoldTheRootsOfTheJavaPlatform() {
        TrustedRoots testee = TrustedRoots.ofPlatform();

        assertThat(testee.size()).isGreaterThan(10);
        assertThat(testee.certificates()).hasSize(testee.size());
    }

    @Test
    void loadShouldReadPemWithTextAroundTheCertificates() throws Exception {
        Path file = write("Our roots\n" + pem(ONE) + "# the second\n" + pem(TWO));

        assertThat(TrustedRoots.load(file).certificates()).containsExactly(ONE, TWO);
    }

    /** Editors of Windows put one before the first character. */
    @Test
    void loadShouldReadPemWithAByteOrderMark() throws Exception {
        Path file = write("\ufeff" + pem(ONE) + pem(TWO));

        assertThat(TrustedRoots.load(file).certificates()).containsExactly(ONE, TWO);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY"})
    void loadShouldRefuseAPrivateKeyBesideTheCertificates(String kind) throws Exception {
        Path file = write(pem(ONE) + "-----BEGIN " + kind + "-----\nMAA=\n-----END " + kind + "-----\n");

        assertThatThrownBy(() -> TrustedRoots.load(file))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage("'" + file + "' holds a private key; remove it");
    }

    @ParameterizedTest(name = "{0}, password {1}, read with {2}: {3}")
    @CsvSource({
        "PKCS12, changeit, changeit, the customary password",
        "JKS, changeit, changeit, the customary password",
        "JKS, secret, changeit, JKS needs none to be read",
        "PKCS12, secret, secret, another password",
    })
    void loadShouldReadKeyStores(String type, String password, String readWith, String why) throws Exception {
        Path file = keyStore(type, password.toCharArray());

        assertThat(TrustedRoots.load(file, readWith.toCharArray()).certificates())
                .as(why)
                .containsExactlyInAnyOrder(ONE, TWO);
    }

    /** Debian and others write such stores. */
    @Test
    void loadShouldReadAKeyStoreThatHasNoPassword() throws Exception {
        Security.setProperty(CERTIFICATES_ENCRYPTED_WITH, "NONE");
        Security.setProperty(INTEGRITY_BY, "NONE");
        try {
            assertThat(TrustedRoots.load(keyStore("PKCS12", null)).certificates())
                    .containsExactlyInAnyOrder(ONE, TWO);
        } finally {
            Security.setProperty(CERTIFICATES_ENCRYPTED_WITH, "");
            Security.setProperty(INTEGRITY_BY, "");
        }
    }

    @Test
    void loadShouldTryTheCustomaryPasswordWhenNoneIsGiven() throws Exception {
        assertThat(TrustedRoots.load(keyStore("PKCS12", "changeit".toCharArray()))
                        .size())
                .isEqualTo(2);
    }

    /** Content of the file, the error, why. */
    static final List<Arguments> REJECTED = List.of(
            arguments("", "neither PEM nor a key store", "empty"),
            arguments("bank.example", "neither PEM nor a key store", "another file"),
            arguments("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "cannot be read", "broken"),
            arguments("-----BEGIN CERTIFICATE-----\n", "cannot be read", "cut off"));

    @ParameterizedTest(name = "{2}")
    @FieldSource("REJECTED")
    void loadShouldSayWhatToWriteWhenTheFileHoldsNoRoots(String content, String error, String why) throws Exception {
        Path file = write(content);

        assertThatThrownBy(() -> TrustedRoots.load(file))
                .as(why)
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(error)
                .hasMessageContaining("write a PEM file");
    }

    @Test
    void loadShouldRejectAKeyStoreOfAnotherPassword() throws Exception {
        Path file = keyStore("PKCS12", "secret".toCharArray());

        assertThatThrownBy(() -> TrustedRoots.load(file))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("its password is another one")
                .hasMessageNotContaining("secret");
    }

    @Test
    void loadShouldRejectAKeyStoreThatHoldsKeysAlone() throws Exception {
        HeldCertificate server = CertificateAuthority.root("Root").issueFor("mx.bank.example");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("key", server.key(), new char[0], new X509Certificate[] {server.certificate()});
        Path file = directory.resolve("store");
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, "changeit".toCharArray());
        }

        assertThatThrownBy(() -> TrustedRoots.load(file))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("holds no trusted certificate");
    }

    @Test
    void loadShouldRejectAMissingFile() {
        assertThatThrownBy(() -> TrustedRoots.load(directory.resolve("absent.pem")))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("absent.pem")
                .hasMessageContaining("does not exist");
    }

    @Test
    void ofShouldRejectNothing() {
        assertThatThrownBy(() -> TrustedRoots.of(List.of())).isInstanceOf(InvalidValueException.class);
    }

    private Path write(String content) throws Exception {
        return Files.writeString(directory.resolve("roots"), content);
    }

    private Path keyStore(String type, char[] password) throws Exception {
        KeyStore store = KeyStore.getInstance(type);
        store.load(null, null);
        store.setCertificateEntry("one", ONE);
        store.setCertificateEntry("two", TWO);
        Path file = directory.resolve("store");
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, password);
        }
        return file;
    }

    private static String pem(X509Certificate certificate) throws Exception {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
                + "\n-----END CERTIFICATE-----\n";
    }
}
