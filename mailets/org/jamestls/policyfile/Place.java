package org.jamestls.policyfile;

/**
 * Where in a file something stands, told by tags: start and end tags are counted from 1 in the order of the file, an
 * empty-element tag as two. Reading keeps such a number instead of a position, because the JDK tells only where a tag
 * ends; {@link TagScanner} finds the position when it is needed.
 */
sealed interface Place {

    /** The tag, or the one that the place follows. */
    int tag();

    int find(TagScanner scanner);

    /** The {@code <} of a tag. */
    record Tag(int tag) implements Place {
        @Override
        public int find(TagScanner scanner) {
            return scanner.startOfTag();
        }
    }

    /** The name of an attribute. */
    record Attribute(int tag, String name) implements Place {
        @Override
        public int find(TagScanner scanner) {
            return scanner.startOfAttribute(name);
        }
    }

    /** The first character after a tag that is no white space and no comment. */
    record TextAfter(int tag) implements Place {
        @Override
        public int find(TagScanner scanner) {
            return scanner.startOfText();
        }
    }

    /** A position that is known already. */
    record Offset(int offset) implements Place {
        @Override
        public int tag() {
            return 0;
        }

        @Override
        public int find(TagScanner scanner) {
            return offset;
        }
    }
}
