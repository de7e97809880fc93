package org.jamestls.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jamestls.james.Stage;
import org.jamestls.testing.CertificateAuthority;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveRootsTest {

    private static final CertificateAuthority ONE = CertificateAuthority.root("One");
    private static final CertificateAuthority TWO = CertificateAuthority.root("Two");

    @TempDir
    private Path directory;

    private Path file;
    private Path additional;

    @BeforeEach
    void setUp() throws Exception {
        file = directory.resolve("roots.pem");
        additional = directory.resolve("partner.pem");
        write(file, ONE);
    }

    private static void write(Path to, CertificateAuthority authority) throws Exception {
        Files.writeString(to, Stage.pem(authority.certificate()));
    }

    private LiveRoots open() {
        return LiveRoots.open(new RootFiles(Optional.of(file), Optional.empty()));
    }

    @Test
    void sameContentShouldRemainTheSameVersion() throws Exception {
        try (LiveRoots testee = open()) {
            LiveRoots.Version before = testee.current();
            write(file, ONE);
            testee.refresh();

            assertThat(testee.current()).isSameAs(before);
        }
    }

    @Test
    void otherContentShouldBeAnotherVersion() throws Exception {
        try (LiveRoots testee = open()) {
            write(file, TWO);
            testee.refresh();

            assertThat(testee.current().number()).isEqualTo(1);
            assertThat(testee.current().roots().certificates()).containsExactly(TWO.certificate());
        }
    }

    @Test
    void rejectedContentShouldLeaveTheVersionInForceUntilItIsMended() throws Exception {
        try (LiveRoots testee = open()) {
            LiveRoots.Version before = testee.current();
            Files.writeString(file, "nothing of use");
            testee.refresh();
            assertThat(testee.current()).isSameAs(before);

            write(file, TWO);
            testee.refresh();
            assertThat(testee.current().roots().certificates()).containsExactly(TWO.certificate());
        }
    }

    @Test
    void changeOfTheAdditionalFileShouldCountToo() throws Exception {
        write(additional, ONE);
        try (LiveRoots testee = LiveRoots.open(new RootFiles(Optional.empty(), Optional.of(additional)))) {
            int platform = TrustedRoots.ofPlatform().size();
            assertThat(testee.current().roots().size()).isEqualTo(platform + 1);
            write(additional, TWO);
            testee.refresh();

            assertThat(testee.current().roots().certificates())
                    .hasSize(platform + 1)
                    .contains(TWO.certificate())
                    .doesNotContain(ONE.certificate());
        }
    }

    @Test
    void fileWithoutRootsShouldBeRefusedAtFirst() throws Exception {
        Files.writeString(file, "nothing of use");

        assertThatThrownBy(this::open).hasMessageContaining(file.toString());
    }
}
