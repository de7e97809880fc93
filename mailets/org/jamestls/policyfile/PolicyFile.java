package org.jamestls.policyfile;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import javax.xml.stream.Location;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jamestls.policy.InvalidValueException;
import org.jamestls.policy.PeerText;
import org.jamestls.policy.PolicyTable;

/**
 * Reads policy files: UTF-8, with or without a byte order mark, of 256 MiB at most. A file is accepted as a whole or
 * rejected as a whole. Nothing but the file is read: no document type, no external entity, no inclusion. Safe for use by
 * several threads.
 */
public final class PolicyFile {

    private static final String DOCUMENT_TYPE = "<!DOCTYPE";

    /**
     * Limits of the JDK that a large file meets, in Java 25 at 100,000 times {@code &amp;}. They guard against entities,
     * which cannot be declared here, and against depth, which {@link ElementCursor#MAX_DEPTH} limits.
     */
    private static final List<String> LIMITS_LIFTED =
            List.of("jdk.xml.totalEntitySizeLimit", "jdk.xml.maxGeneralEntitySizeLimit", "jdk.xml.maxElementDepth");

    private static final String NO_LIMIT = "0";

    private final String name;
    private final byte[] xml;
    private final FaultCollector faults = new FaultCollector();

    private PolicyFile(String name, byte[] xml) {
        this.name = name;
        this.xml = xml;
    }

    /**
     * Reads a file.
     *
     * @throws PolicyFileException when it is missing, cannot be read or is rejected
     */
    public static PolicyTable read(Path file) throws PolicyFileException {
        return parse(file.toString(), FileContent.MAX_256_MIB.read(file));
    }

    /**
     * Parses the content of a file.
     *
     * @param name the file, as its errors name it
     * @throws PolicyFileException when the content is rejected: with every error of a well-formed file, and with those up
     *     to and including the malformation of another
     */
    public static PolicyTable parse(String name, byte[] content) throws PolicyFileException {
        return new PolicyFile(name, Utf8.withoutByteOrderMark(content)).toTable(new PolicyElement());
    }

    /**
     * Reads a file for somebody who asks where in it the settings stand. It costs what {@link #read(Path)} costs, and keeps
     * the file's content besides.
     *
     * @throws PolicyFileException when it is missing, cannot be read or is rejected
     */
    public static LocatedPolicies readLocated(Path file) throws PolicyFileException {
        return parseLocated(file.toString(), FileContent.MAX_256_MIB.read(file));
    }

    static LocatedPolicies parseLocated(String name, byte[] content) throws PolicyFileException {
        PolicyFile file = new PolicyFile(name, Utf8.withoutByteOrderMark(content));
        PolicyElement policies = new PolicyElement();
        PolicyTable table = file.toTable(policies);
        return new LocatedPolicies(name, file.xml, table, policies.places(), policies.placeOfOtherDomains());
    }

    private PolicyTable toTable(PolicyElement policies) throws PolicyFileException {
        if (isText() && isSelfContained()) {
            read(policies);
        }
        if (faults.isEmpty()) {
            try {
                return policies.toTable();
            } catch (InvalidValueException contradiction) {
                policies.tellConflicts(faults);
            }
        } else {
            policies.tellConflicts(faults);
        }
        throw new PolicyFileException(new FaultLocator(name, xml).locate(faults.faults()));
    }

    private boolean isText() {
        OptionalInt fault = Utf8.firstFault(xml);
        if (fault.isPresent()) {
            faults.add(
                    new Place.Offset(fault.getAsInt()),
                    String.format("byte 0x%02X is not UTF-8; save the file in UTF-8", xml[fault.getAsInt()]));
        } else if (new TagScanner(xml).pastSpaceAndInvisible(0) == xml.length) {
            faults.add(new Place.Offset(0), "the file is empty; write a <tlsEnforcement> element");
        }
        return faults.isEmpty();
    }

    private boolean isSelfContained() {
        TagScanner scanner = new TagScanner(xml);
        int afterProlog = scanner.pastSpaceAndInvisible(0);
        if (scanner.at(DOCUMENT_TYPE, afterProlog)) {
            faults.add(
                    new Place.Offset(afterProlog),
                    "a document type (" + DOCUMENT_TYPE + ">) may pull in other files and is not accepted; remove it"
                            + " and every entity that it declares");
        }
        return faults.isEmpty();
    }

    private void read(PolicyElement policies) {
        try {
            XMLStreamReader reader =
                    readerOfThisFileAlone().createXMLStreamReader(new ByteArrayInputStream(xml), "UTF-8");
            checkDeclaredEncoding(reader.getCharacterEncodingScheme());
            policies.readDocument(new ElementCursor(reader, faults));
        } catch (XMLStreamException e) {
            faults.add(placeOf(e.getLocation()), "malformed XML: " + PeerText.clean(reason(e)));
        }
    }

    /** The JDK's own reader, whichever other the class path offers, and deaf to everything outside the file. */
    private static XMLInputFactory readerOfThisFileAlone() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, false);
        LIMITS_LIFTED.forEach(limit -> factory.setProperty(limit, NO_LIMIT));
        factory.setXMLResolver((publicId, systemId, baseUri, namespace) -> {
            throw new XMLStreamException("nothing outside the file is read");
        });
        return factory;
    }

    private void checkDeclaredEncoding(String declared) {
        if (declared != null && !declared.equalsIgnoreCase("UTF-8")) {
            faults.add(
                    new Place.Offset(0),
                    "the file declares the encoding " + PeerText.clean(declared)
                            + "; save it in UTF-8 and write encoding=\"UTF-8\"");
        }
    }

    private Place placeOf(Location location) {
        return new Place.Offset(Position.offsetOf(xml, location.getLineNumber(), location.getColumnNumber()));
    }

    /** The reader's words without the position that it puts before them. */
    private static String reason(XMLStreamException e) {
        String message = String.valueOf(e.getMessage());
        String mark = "Message: ";
        int start = message.indexOf(mark);
        return start < 0 ? message : message.substring(start + mark.length());
    }
}
