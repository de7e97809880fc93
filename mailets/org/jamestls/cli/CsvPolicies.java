package org.jamestls.cli;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jamestls.policy.CertificateValidation;
import org.jamestls.policy.DomainName;
import org.jamestls.policy.DomainPolicy;
import org.jamestls.policy.EnforcementMode;
import org.jamestls.policy.InvalidValueException;
import org.jamestls.policy.MailDelivery;
import org.jamestls.policy.MailHostPattern;
import org.jamestls.policy.PeerText;
import org.jamestls.policy.PolicyConflict;
import org.jamestls.policy.PolicyTable;
import org.jamestls.policy.TrustedCommonName;

/**
 * Policies from a CSV file (RFC 4180): UTF-8, with or without a byte order mark; domain, validation, route, trusted names,
 * exclusions, mode and mail hosts, of which all but the first may be empty or left out. Names within a cell are separated by semicolons.
 * A first line that names the columns may put them in another order.
 */
final class CsvPolicies {

    private static final String BYTE_ORDER_MARK = "\ufeff";
    private static final int MAX_NAME_LENGTH = 1000;
    private static final CSVFormat FORMAT = CSVFormat.RFC4180
            .builder()
            .setIgnoreEmptyLines(true)
            .setIgnoreSurroundingSpaces(true)
            .setTrim(true)
            .get();

    private final List<DomainPolicy> policies = new ArrayList<>();
    private final List<Long> lines = new ArrayList<>();
    private final List<CsvError> errors = new ArrayList<>();
    private List<CsvColumn> columns = List.of(CsvColumn.values());
    private int charactersCounted;
    private long lineCounted = 1;

    private CsvPolicies() {}

    /** Reads a whole file. */
    static CsvPolicies read(byte[] content) {
        CsvPolicies csv = new CsvPolicies();
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
            csv.parse(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
        } catch (CharacterCodingException e) {
            csv.errors.add(new CsvError(1, "the file is not UTF-8; save it in UTF-8"));
        }
        csv.tellConflicts();
        csv.errors.sort(Comparator.comparingLong(CsvError::line));
        return csv;
    }

    /** The policies of the lines that are right, in the order of the file. */
    List<DomainPolicy> policies() {
        return policies;
    }

    /** What is wrong, in the order of the file; empty when {@link #policies} form a policy file. */
    List<CsvError> errors() {
        return errors;
    }

    private void parse(String text) {
        long line = 0;
        try (CSVParser parser = CSVParser.parse(new StringReader(text), FORMAT)) {
            boolean first = true;
            for (CSVRecord record : parser) {
                line = lineOf(text, record);
                if (!first || !isHeader(record, line)) {
                    read(record, line);
                }
                first = false;
            }
            if (first) {
                errors.add(new CsvError(1, "the file is empty; write one domain on a line"));
            }
        } catch (IOException | UncheckedIOException | IllegalStateException e) {
            // the parser cannot tell where the next line begins
            errors.add(new CsvError(
                    line + 1,
                    "the quotes here are not as CSV has them, and nothing after them is read; write a cell with commas"
                            + " or quotes in quotes, and double the quotes inside it"));
        }
    }

    /** The line in which a record starts; the parser knows where it ends. */
    private long lineOf(String text, CSVRecord record) {
        int start = (int) record.getCharacterPosition();
        while (charactersCounted < start || isLineEnd(text, charactersCounted)) {
            char c = text.charAt(charactersCounted++);
            boolean crOfCrLf = c == '\r' && charactersCounted < text.length() && text.charAt(charactersCounted) == '\n';
            if (c == '\n' || c == '\r' && !crOfCrLf) {
                lineCounted++;
            }
        }
        return lineCounted;
    }

    /** The empty lines before a record are part of it to the parser. */
    private static boolean isLineEnd(String text, int i) {
        return i < text.length() && (text.charAt(i) == '\r' || text.charAt(i) == '\n');
    }

    private boolean isHeader(CSVRecord record, long line) {
        List<Optional<CsvColumn>> named = record.stream().map(CsvColumn::named).toList();
        if (!named.contains(Optional.of(CsvColumn.DOMAIN))) {
            return false;
        }
        for (int i = 0; i < named.size(); i++) {
            if (named.get(i).isEmpty()) {
                errors.add(new CsvError(
                        line,
                        "unknown column '" + PeerText.clean(record.get(i))
                                + "'; write domain, validation, route, trusted names, exclusions, mode or mail hosts"));
            }
        }
        List<CsvColumn> known = named.stream().flatMap(Optional::stream).toList();
        if (Set.copyOf(known).size() < known.size()) {
            errors.add(new CsvError(line, "a column is named twice; name each once"));
        }
        columns = known;
        return true;
    }

    private void read(CSVRecord record, long line) {
        if (record.stream().allMatch(String::isEmpty)) {
            return; // a line of blanks, or an empty row of a spreadsheet
        }
        if (record.size() > columns.size()) {
            errors.add(new CsvError(
                    line,
                    record.size() + " cells where " + columns.size()
                            + " are the most; put several names into one cell, separated by semicolons"));
            return;
        }
        Map<CsvColumn, String> cells = new HashMap<>();
        for (int i = 0; i < record.size(); i++) {
            cells.put(columns.get(i), record.get(i));
        }
        int before = errors.size();
        Optional<DomainName> domain = value(cells, CsvColumn.DOMAIN, line, DomainName::parse);
        if (domain.isEmpty() && errors.size() == before) {
            errors.add(new CsvError(line, "the domain is missing; write one such as bank.example"));
        }
        Optional<CertificateValidation> validation = value(cells, CsvColumn.VALIDATION, line, CsvPolicies::validation);
        Optional<MailDelivery> route = value(cells, CsvColumn.ROUTE, line, MailDelivery.StaticRoute::parse);
        Set<TrustedCommonName> trusted = values(cells, CsvColumn.TRUSTED_NAMES, line, CsvPolicies::trustedName);
        Set<DomainName> exclusions = values(cells, CsvColumn.EXCLUSIONS, line, DomainName::parse);
        if (!trusted.isEmpty() && validation.equals(Optional.of(CertificateValidation.RELAXED))) {
            errors.add(new CsvError(
                    line,
                    "trusted names under relaxed validation, which checks no name; remove them, or write strong"));
        }
        Optional<EnforcementMode> mode = value(cells, CsvColumn.MODE, line, CsvPolicies::mode);
        Set<MailHostPattern> mailHosts = values(cells, CsvColumn.MAIL_HOSTS, line, MailHostPattern::parse);
        if (!mailHosts.isEmpty() && route.isPresent()) {
            errors.add(new CsvError(
                    line,
                    "mail hosts beside a route, which asks the DNS for no mail host; remove the one or the other"));
        }
        if (errors.size() == before) {
            policies.add(DomainPolicy.withDefaults(domain.orElseThrow())
                    .withMode(mode.orElse(EnforcementMode.ENFORCE))
                    .withCertificateValidation(
                            trusted.isEmpty()
                                    ? validation.orElse(CertificateValidation.STRONG)
                                    : new CertificateValidation.Strong(trusted))
                    .withMailDelivery(route.orElse(new MailDelivery.InboundRoute(mailHosts)))
                    .withExcludedSubDomains(exclusions));
            lines.add(line);
        }
    }

    private static CertificateValidation validation(String word) {
        return switch (word) {
            case "strong" -> CertificateValidation.STRONG;
            case "relaxed" -> CertificateValidation.RELAXED;
            default ->
                throw new InvalidValueException(
                        "unknown validation '" + PeerText.clean(word) + "'; write strong or relaxed, or nothing");
        };
    }

    private static EnforcementMode mode(String word) {
        return switch (word) {
            case "enforce" -> EnforcementMode.ENFORCE;
            case "report" -> EnforcementMode.REPORT;
            default ->
                throw new InvalidValueException(
                        "unknown mode '" + PeerText.clean(word) + "'; write enforce or report, or nothing");
        };
    }

    /** A name that a policy file can hold: XML 1.0 §2.2 has no control characters. */
    private static TrustedCommonName trustedName(String cell) {
        if (cell.length() > MAX_NAME_LENGTH || cell.chars().anyMatch(c -> c < ' ' || c == 0xfffe || c == 0xffff)) {
            throw new InvalidValueException("'" + PeerText.clean(cell)
                    + "' has a control character or more than " + MAX_NAME_LENGTH
                    + " characters; write the name in the certificate");
        }
        return TrustedCommonName.parse(cell);
    }

    private <T> Optional<T> value(
            Map<CsvColumn, String> cells, CsvColumn column, long line, Function<String, ? extends T> parser) {
        return parsed(cells.getOrDefault(column, ""), line, parser);
    }

    private <T> Set<T> values(
            Map<CsvColumn, String> cells, CsvColumn column, long line, Function<String, ? extends T> parser) {
        return Stream.of(cells.getOrDefault(column, "").split(";"))
                .flatMap(cell -> this.<T>parsed(cell.strip(), line, parser).stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private <T> Optional<T> parsed(String cell, long line, Function<String, ? extends T> parser) {
        if (cell.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(parser.apply(cell));
        } catch (InvalidValueException e) {
            errors.add(new CsvError(line, e.getMessage()));
            return Optional.empty();
        }
    }

    private void tellConflicts() {
        Collection<PolicyConflict> conflicts = PolicyTable.conflicts(policies);
        if (conflicts.isEmpty()) {
            return;
        }
        Map<DomainName, Long> first = new HashMap<>();
        for (int i = 0; i < policies.size(); i++) {
            first.putIfAbsent(policies.get(i).domain(), lines.get(i));
        }
        for (PolicyConflict conflict : conflicts) {
            DomainName about = conflict.excludedSubDomain()
                    .orElse(policies.get(conflict.policyIndex()).domain());
            String other = Optional.ofNullable(first.get(about))
                    .map(line -> " (listed in line " + line + ")")
                    .orElse("");
            errors.add(new CsvError(lines.get(conflict.policyIndex()), conflict.message() + other));
        }
    }
}
