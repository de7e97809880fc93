package org.jamestls.james39;

import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Runs JUnit's console in a class loader below James's. Only James is on the class path, so that the mailet container
 * has to take our classes from its extensions folder; the tests have their own.
 *
 * <p>Arguments: the class path of the tests, then what JUnit's console takes.
 */
public final class BesideJames {

    private BesideJames() {}

    public static void main(String[] args) throws Exception {
        URL[] tests = Arrays.stream(args[0].split(System.getProperty("path.separator")))
                .map(BesideJames::url)
                .toArray(URL[]::new);
        ClassLoader loader = new URLClassLoader(tests, BesideJames.class.getClassLoader());
        Thread.currentThread().setContextClassLoader(loader);
        Method console =
                loader.loadClass("org.junit.platform.console.ConsoleLauncher").getMethod("main", String[].class);
        console.invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
    }

    private static URL url(String path) {
        try {
            return Path.of(path).toUri().toURL();
        } catch (java.net.MalformedURLException e) {
            throw new IllegalArgumentException(path, e);
        }
    }
}
