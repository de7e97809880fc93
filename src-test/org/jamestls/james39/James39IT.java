package org.jamestls.james39;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jamestls.james.QueueKind;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * The situations of the jar for James 3.8 once more, with the jar for James 3.9 in James 3.9's own mailet container. The
 * tests are the same classes, renamed as the jar is.
 */
class James39IT {

    private static final Path BUILD = Path.of(System.getProperty("buildDirectory"));
    private static final Path WORK = BUILD.resolve("james-3.9");
    private static final String NAME = "james-tls-enforcement";
    private static final List<String> TESTS = List.of(
            "org.jamestls.EnforcementTest",
            "org.jamestls.TlsEnforcedTest",
            "org.jamestls.TlsRemoteDeliveryTest",
            "org.jamestls.ManyMailsTest",
            "org.jamestls.QueueWithoutDelaysTest",
            "org.jamestls.RemoteDeliveryAlertsTest",
            "org.jamestls.MailExtensionsTest",
            "org.jamestls.ErrorAtEachStepTest",
            "org.jamestls.SettlementTest",
            "org.jamestls.GatewayCredentialsTest",
            "org.jamestls.RequireTlsTest",
            "org.jamestls.AttemptLimitsTest");
    private static final String BOUNCE =
            "org.jamestls.RetryTest#" + "bounceAfterTheLastRetryShouldSayWhatWasExpectedAndWhatPresented";

    /** Of the tests' class path, what James 3.9 brings in its own version. */
    private static final List<String> OF_JAMES_38 = List.of(
            "/org/apache/james/",
            "/com/sun/mail/",
            "/javax/",
            "/com/google/inject/",
            "/com/google/guava/",
            "/org/slf4j/",
            "/io/projectreactor/",
            "/org/reactivestreams/",
            "/org/apache/commons/");

    @TestFactory
    Stream<DynamicTest> situationsInJames39() throws Exception {
        Optional<Path> java = LaterJava.find();
        assumeTrue(
                java.isPresent(),
                "skipped: James 3.9 needs Java " + LaterJava.AT_LEAST + " or later, and none is here");
        Path reports = WORK.resolve("reports");
        String output = run(command(java.get(), reports));
        Path report = reports.resolve("TEST-junit-jupiter.xml");
        assertThat(report).as(output).exists();
        System.out.println("James 3.9.0 on " + java.get().getFileName() + ": the situations above are its own");
        return results(report).stream();
    }

    private static List<String> command(Path java, Path reports) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                java.resolve("bin/java").toString(),
                "-XX:+EnableDynamicAgentLoading",
                "-Dextension.jar=" + BUILD.resolve(NAME + "-jakarta.jar"),
                "-classpath",
                classPathOfJames(),
                BesideJames.class.getName(),
                classPathOfTests(),
                "execute",
                "--disable-banner",
                "--details=none",
                "--reports-dir=" + reports,
                "--select-method=" + BOUNCE));
        TESTS.forEach(test -> command.add("--select-class=" + test));
        return command;
    }

    private static String classPathOfJames() throws IOException {
        Path runner = WORK.resolve("runner");
        Path target = runner.resolve(BesideJames.class.getName().replace('.', '/') + ".class");
        Files.createDirectories(target.getParent());
        try (var in = BesideJames.class.getResourceAsStream("BesideJames.class")) {
            Files.write(target, in.readAllBytes());
        }
        String james = Arrays.stream(
                        Files.readString(WORK.resolve("class-path.txt")).strip().split(File.pathSeparator))
                .filter(path -> !path.contains("/org/apache/maven/"))
                .collect(Collectors.joining(File.pathSeparator));
        return String.join(
                File.pathSeparator,
                runner.toString(),
                BUILD.resolve("james-server-queue-memory-jakarta.jar").toString(),
                james,
                jar("/ch/qos/logback/"),
                jar("/jcl-over-slf4j/"));
    }

    private static String classPathOfTests() {
        return String.join(
                File.pathSeparator,
                BUILD.resolve(NAME + "-tests-jakarta.jar").toString(),
                BUILD.resolve(NAME + "-jakarta.jar").toString(),
                ourClassPath()
                        .filter(path -> path.endsWith(".jar") && !path.contains(NAME))
                        .filter(path -> OF_JAMES_38.stream().noneMatch(path::contains))
                        .filter(path ->
                                !path.contains("/bcprov") && !path.contains("/bctls") && !path.contains("/logback"))
                        .collect(Collectors.joining(File.pathSeparator)));
    }

    private static String jar(String part) {
        return ourClassPath().filter(path -> path.contains(part)).collect(Collectors.joining(File.pathSeparator));
    }

    private static Stream<String> ourClassPath() {
        return Arrays.stream(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                .split(File.pathSeparator));
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Path log = WORK.resolve("tests.log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!process.waitFor(5, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            fail("the tests in James 3.9 came to no end; see " + log);
        }
        return Files.readString(log);
    }

    private static List<DynamicTest> results(Path report) throws Exception {
        Document document =
                DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse(report.toFile());
        NodeList cases = document.getElementsByTagName("testcase");
        List<DynamicTest> tests = new ArrayList<>();
        for (int i = 0; i < cases.getLength(); i++) {
            Element testCase = (Element) cases.item(i);
            if (needsAnotherQueue(testCase)) {
                continue;
            }
            String name = testCase.getAttribute("classname") + "." + testCase.getAttribute("name");
            tests.add(DynamicTest.dynamicTest(name, () -> check(testCase)));
        }
        assertThat(tests).as("tests in James 3.9").hasSizeGreaterThan(60);
        return tests;
    }

    /** James 3.9's memory queue alone can be had here; tests of several queues leave out the others by themselves. */
    private static boolean needsAnotherQueue(Element testCase) {
        NodeList skipped = testCase.getElementsByTagName("skipped");
        return skipped.getLength() > 0 && skipped.item(0).getTextContent().contains(QueueKind.NOT_HERE);
    }

    private static void check(Element testCase) {
        assumeTrue(testCase.getElementsByTagName("skipped").getLength() == 0, "skipped in James 3.9 too");
        for (String kind : List.of("failure", "error")) {
            NodeList found = testCase.getElementsByTagName(kind);
            if (found.getLength() > 0) {
                fail(found.item(0).getTextContent());
            }
        }
    }
}
