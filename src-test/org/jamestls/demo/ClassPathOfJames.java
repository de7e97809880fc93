package org.jamestls.demo;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes down the libraries of the James server that the build resolved, one file per line. */
public final class ClassPathOfJames {

    private ClassPathOfJames() {}

    /** @param arguments the file to write */
    public static void main(String... arguments) throws IOException, URISyntaxException {
        List<String> libraries = new ArrayList<>();
        // The build runs this class in a loader of its own, which holds James's libraries and this class's directory.
        URLClassLoader loader = (URLClassLoader) ClassPathOfJames.class.getClassLoader();
        for (URL entry : loader.getURLs()) {
            Path path = Path.of(entry.toURI());
            if (Files.isRegularFile(path)) {
                libraries.add(path.toString());
            }
        }
        libraries.sort(null);
        Path file = Path.of(arguments[0]);
        Files.createDirectories(file.getParent());
        Files.write(file, libraries);
    }
}
