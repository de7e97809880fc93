package org.jamestls.cli;

import java.util.Optional;
import org.jamestls.policyfile.Position;

/**
 * One setting that holds for a name.
 *
 * @param name the element of the policy file that gives it
 * @param value the value in force, fit for a terminal
 * @param position where the file says so; empty for a default
 */
record SettingInForce(String name, String value, Optional<Position> position) {

    String where(String file) {
        return position.map(at -> file + ":" + at).orElse("default");
    }

    Json json() {
        return new Json()
                .put("setting", name)
                .put("value", value)
                .put("line", position.map(Position::line))
                .put("column", position.map(Position::column));
    }
}
