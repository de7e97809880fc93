package org.jamestls;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Dependencies point one way: what each package may use of the others, and who may know James. */
class PackageMapTest {

    private static final String ROOT = "org.jamestls";

    private static final Map<String, Set<String>> MAY_USE = new TreeMap<>(Map.of(
            "policy", Set.of(),
            "policyfile", Set.of("policy"),
            "certificate", Set.of("policy"),
            "tls", Set.of("policy", "certificate"),
            "smtp", Set.of("policy", "tls"),
            "routing", Set.of("policy", "smtp"),
            "cli", Set.of("policy", "policyfile", "certificate", "tls", "smtp", "routing"),
            "mailetcontainer", Set.of("policy"),
            "delivery", Set.of("policy", "policyfile", "certificate", "tls", "smtp", "routing", "mailetcontainer")));

    /** The libraries that the command line alone brings; the server must do without them. */
    private static final String[] OF_THE_COMMAND_LINE = {"picocli..", "org.xbill..", "org.apache.commons.csv.."};

    private static final JavaClasses CLASSES =
            new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages(ROOT);

    static Stream<String> packages() {
        return MAY_USE.keySet().stream();
    }

    static Stream<String> packagesWithoutJames() {
        return packages().filter(name -> !name.equals("delivery"));
    }

    @Test
    void mapShouldNameEveryPackage() {
        Set<String> found = new TreeSet<>();
        CLASSES.getPackage(ROOT).getSubpackages().stream()
                .map(JavaPackage::getRelativeName)
                .filter(name ->
                        CLASSES.stream().anyMatch(type -> type.getPackageName().equals(ROOT + "." + name)))
                .forEach(found::add);

        assertThat(MAY_USE.keySet()).containsExactlyElementsOf(found);
    }

    @ParameterizedTest
    @MethodSource("packages")
    void packageShouldUseOnlyWhatTheMapAllows(String name) {
        String[] others = Stream.concat(
                        Stream.of(ROOT),
                        packages()
                                .filter(other -> !other.equals(name))
                                .filter(other -> !MAY_USE.get(name).contains(other))
                                .map(other -> ROOT + "." + other))
                .toArray(String[]::new);

        noClasses()
                .that()
                .resideInAPackage(ROOT + "." + name)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .as(name + " uses none of " + Arrays.toString(others))
                .check(CLASSES);
    }

    @ParameterizedTest
    @MethodSource("packagesWithoutJames")
    void packageShouldNotKnowJames(String name) {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "." + name)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.apache.james..", "org.apache.mailet..", "javax.mail..", "javax.inject..", "com.sun.mail..")
                .check(CLASSES);
    }

    @Test
    void onlyTheCommandLineShouldUseItsLibraries() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".cli")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(OF_THE_COMMAND_LINE)
                .check(CLASSES);
    }
}
