package org.jamestls.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The table of cases. */
final class Report {

    private static final String GAP = "  ";

    /** A line of the table and what stands below it. */
    private record Row(List<String> cells, List<String> faults) {}

    private final Path logOfJames;

    Report(Path logOfJames) {
        this.logOfJames = logOfJames;
    }

    /** Prints a line per case and command, what the commands printed, and says whether all passed. */
    boolean print(List<DemoCase> cases, Map<DemoCase, List<Bounce>> bounces, List<CommandRun> commands)
            throws IOException {
        String log = Files.readString(logOfJames, StandardCharsets.UTF_8);
        List<Row> rows = new ArrayList<>();
        rows.add(new Row(List.of("", "case", "policy", "the receiving server saw", "the sender got"), List.of()));
        long failed = 0;
        for (DemoCase demoCase : cases) {
            Row row = examine(demoCase, bounces.getOrDefault(demoCase, List.of()), log);
            failed += row.faults().isEmpty() ? 0 : 1;
            rows.add(row);
        }
        for (CommandRun command : commands) {
            Row row = examine(command);
            failed += row.faults().isEmpty() ? 0 : 1;
            rows.add(row);
        }
        print(rows);
        commands.forEach(Report::show);
        System.out.println();
        System.out.println((cases.size() + commands.size() - failed) + " passed, " + failed + " failed");
        return failed == 0 && !cases.isEmpty();
    }

    private static Row examine(CommandRun command) {
        List<String> faults = command.faults();
        return new Row(
                List.of(
                        faults.isEmpty() ? "PASS" : "FAIL",
                        command.title(),
                        "command line, see below",
                        "",
                        "exit code " + command.exitCode()),
                faults);
    }

    private static void show(CommandRun command) {
        System.out.println();
        System.out.println("$ java -jar " + command.command());
        System.out.print(command.output());
    }

    private static Row examine(DemoCase demoCase, List<Bounce> bounces, String log) {
        List<String> policies = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        List<String> got = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        for (Journey journey : demoCase.journeys()) {
            Findings findings = journey.examine(bounces, log);
            policies.add(journey.policy().inTable());
            seen.add(findings.serverSaw());
            got.add(findings.senderGot());
            findings.faults().forEach(fault -> faults.add(journey.recipient() + ": " + fault));
        }
        return new Row(
                List.of(
                        faults.isEmpty() ? "PASS" : "FAIL",
                        demoCase.title(),
                        together(policies),
                        together(seen),
                        together(got)),
                faults);
    }

    private static String together(List<String> cells) {
        return cells.stream().distinct().collect(Collectors.joining(" | "));
    }

    private static void print(List<Row> rows) {
        int columns = rows.get(0).cells().size();
        int[] widths = new int[columns];
        for (Row row : rows) {
            for (int column = 0; column < columns; column++) {
                widths[column] =
                        Math.max(widths[column], row.cells().get(column).length());
            }
        }
        for (Row row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < columns; column++) {
                String cell = row.cells().get(column);
                line.append(cell)
                        .append(" ".repeat(widths[column] - cell.length()))
                        .append(GAP);
            }
            System.out.println(line.toString().stripTrailing());
            row.faults().forEach(fault -> System.out.println("      " + fault));
        }
    }
}
