package org.jamestls.cli;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The columns of a CSV file of policies, in the order that a file without a header line has. */
enum CsvColumn {
    DOMAIN("domain"),
    VALIDATION("validation", "certificatevalidation"),
    ROUTE("route", "staticroute"),
    TRUSTED_NAMES("trustednames", "trustedcommonnames"),
    EXCLUSIONS("exclusions", "excludedsubdomains"),
    MODE("mode"),
    MAIL_HOSTS("mailhosts");

    private final Set<String> names;

    CsvColumn(String... names) {
        this.names = Set.of(names);
    }

    /** The column that a header names, whatever its case, blanks, hyphens and underscores. */
    static Optional<CsvColumn> named(String header) {
        String name = header.toLowerCase(Locale.ROOT).replaceAll("[\\s_-]", "");
        return Stream.of(values()).filter(column -> column.names.contains(name)).findFirst();
    }
}
