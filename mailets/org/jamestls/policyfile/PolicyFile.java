package org.jamestls.policyfile;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jamestls.policy.PeerText;
import org.jamestls.policy.PolicyTable;

/**
 * Reads policy files. A file is taken as a whole or rejected as a whole. Nothing but the file is read: no document
 * type, no external entity, no inclusion.
 */
public final class PolicyFile {
}
