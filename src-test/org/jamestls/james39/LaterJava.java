package org.jamestls.james39;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** The newest Java of 21 or later on this machine: JAVA21_HOME, a Maven toolchain, or where systems install their JDKs. */
final class LaterJava {

    static final int AT_LEAST = 21;

    private LaterJava() {}

    /** The home of the newest one. */
    static Optional<Path> find() throws IOException {
        return homes().filter(home -> version(home) >= AT_LEAST).max(Comparator.comparingInt(LaterJava::version));
    }

    private static Stream<Path> homes() throws IOException {
        Stream<Path> named = Stream.of(
                        Optional.ofNullable(System.getenv("JAVA21_HOME")), Optional.of(System.getProperty("java.home")))
                .flatMap(Optional::stream)
                .map(Path::of);
        return Stream.of(named, toolchains(), installed("/usr/lib/jvm"), installed("/Library/Java/JavaVirtualMachines"))
                .flatMap(homes -> homes);
    }

    private static Stream<Path> installed(String directory) throws IOException {
        Path folder = Path.of(directory);
        if (!Files.isDirectory(folder)) {
            return Stream.empty();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.flatMap(entry -> Stream.of(entry, entry.resolve("Contents/Home"))).toList().stream();
        }
    }

    private static Stream<Path> toolchains() throws IOException {
        Path file = Path.of(System.getProperty("user.home"), ".m2", "toolchains.xml");
        if (!Files.exists(file)) {
            return Stream.empty();
        }
        try {
            NodeList homes = DocumentBuilderFactory.newDefaultInstance()
                    .newDocumentBuilder()
                    .parse(file.toFile())
                    .getElementsByTagName("jdkHome");
            Stream.Builder<Path> found = Stream.builder();
            for (int i = 0; i < homes.getLength(); i++) {
                found.add(Path.of(homes.item(i).getTextContent().strip()));
            }
            return found.build();
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(e);
        }
    }

    /** The feature release of a Java home, 0 when it is none. */
    private static int version(Path home) {
        Path release = home.resolve("release");
        if (!Files.isExecutable(home.resolve("bin/java")) || !Files.exists(release)) {
            return 0;
        }
        Properties properties = new Properties();
        try (var reader = Files.newBufferedReader(release)) {
            properties.load(reader);
        } catch (IOException e) {
            return 0;
        }
        String version = properties.getProperty("JAVA_VERSION", "0").replace("\"", "");
        return Integer.parseInt(version.split("[.+-]")[0]);
    }
}
