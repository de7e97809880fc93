package org.jamestls.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private final StringWriter terminal = new StringWriter();

    private void work(boolean shown) {
        try (Progress progress = new Progress(shown, new PrintWriter(terminal), 2)) {
            progress.finished(false);
            progress.finished(true);
        }
    }

    @Test
    void terminalShouldShowHowFarItIsAndBeCleanAfterwards() {
        work(true);

        assertThat(terminal.toString().split("\r"))
                .containsExactly(
                        "",
                        "0 of 2 names, 0 not satisfied",
                        "1 of 2 names, 0 not satisfied",
                        "2 of 2 names, 1 not satisfied",
                        " ".repeat(29));
        assertThat(terminal.toString()).endsWith("\r");
    }

    @Test
    void pipeShouldShowNothing() {
        work(false);

        assertThat(terminal.toString()).isEmpty();
    }
}
