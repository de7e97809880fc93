package org.jamestls.policyfile;

/**
 * A position that a reader finds in an editor.
 *
 * @param line from 1; a line ends in LF, CR LF or CR (XML 1.0 §2.11)
 * @param column from 1, in UTF-16 characters
 * @param offset the same in bytes, from 0
 */
public record Position(int line, int column, int offset) {

    static final Position START = new Position(1, 1, 0);

    /** Goes on to a byte of the same document, which is not before this one. */
    Position advanceTo(byte[] utf8, int wanted) {
        int newLine = line;
        int newColumn = column;
        for (int i = offset; i < wanted; i++) {
            boolean crOfCrLf = utf8[i] == '\r' && i + 1 < utf8.length && utf8[i + 1] == '\n';
            if (utf8[i] == '\n' || utf8[i] == '\r' && !crOfCrLf) {
                newLine++;
                newColumn = 1;
            } else {
                newColumn += charactersOf(utf8[i]);
            }
        }
        return new Position(newLine, newColumn, wanted);
    }

    /** The byte at a line and column, or the end of the document when there is none. */
    static int offsetOf(byte[] utf8, int line, int column) {
        Position position = START;
        while (position.offset < utf8.length
                && (position.line < line || position.line == line && position.column < column)) {
            position = position.advanceTo(utf8, position.offset + 1);
        }
        return position.offset;
    }

    /** How many UTF-16 characters start at a byte: RFC 3629 §3, four bytes are a surrogate pair. */
    private static int charactersOf(byte b) {
        int octet = b & 0xff;
        boolean continuation = octet >= 0x80 && octet < 0xc0;
        if (continuation) {
            return 0;
        }
        return octet >= 0xf0 ? 2 : 1;
    }

    @Override
    public String toString() {
        return line + ":" + column;
    }
}
