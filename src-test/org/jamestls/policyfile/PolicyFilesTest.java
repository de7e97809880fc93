package org.jamestls.policyfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyFilesTest {

    private final PolicyFiles testee = new PolicyFiles();

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void setUp() throws IOException {
        file = Files.writeString(directory.resolve("policy.xml"), "<tlsEnforcement/>");
    }

    @AfterEach
    void tearDown() {
        testee.close();
    }

    @Test
    void openShouldShareAFileHoweverItsPathIsSpelt() throws Exception {
        Path conf = Files.createDirectory(directory.resolve("conf"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory);
        LivePolicy shared = testee.open(file);

        assertThat(testee.open(file)).isSameAs(shared);
        assertThat(testee.open(conf.resolve("../policy.xml"))).isSameAs(shared);
        assertThat(testee.open(directory.resolve("./policy.xml"))).isSameAs(shared);
        assertThat(testee.open(link.resolve("policy.xml"))).isSameAs(shared);
        assertThat(testee.open(Path.of("").toAbsolutePath().relativize(file.toAbsolutePath())))
                .isSameAs(shared);
    }

    @Test
    void openShouldNotShareDifferentFiles() throws Exception {
        Path other = Files.copy(file, directory.resolve("other.xml"));

        assertThat(testee.open(other)).isNotSameAs(testee.open(file));
    }

    @Test
    void openShouldNotShareALinkThatMayBeSetToAnotherFile() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("current.xml"), file);

        assertThat(testee.open(link)).isNotSameAs(testee.open(file));
    }

    @Test
    void openShouldThrowUntilTheFileIsRight() throws Exception {
        Files.writeString(file, "<oops/>");
        assertThatThrownBy(() -> testee.open(file)).isInstanceOf(PolicyFileException.class);

        Files.writeString(file, "<tlsEnforcement/>");
        assertThat(testee.open(file).current().policies()).isEmpty();
    }

    @Test
    void openShouldThrowWhenTheDirectoryIsMissing() {
        assertThatThrownBy(() -> testee.open(directory.resolve("missing/policy.xml")))
                .hasMessageContaining("the file is missing");
        assertThatThrownBy(() -> testee.open(Path.of("/"))).hasMessageContaining("is not a regular file");
    }

    @Test
    void openShouldReadTheFileAnewWhenEverythingWasClosed() throws Exception {
        LivePolicy before = testee.open(file);
        testee.close();

        assertThat(testee.open(file)).isNotSameAs(before);
    }
}
