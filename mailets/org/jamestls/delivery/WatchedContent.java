package org.jamestls.delivery;

import java.io.IOException;
import java.io.OutputStream;
import java.util.OptionalLong;
import org.jamestls.smtp.MessageContent;

/** A message of which it is known afterwards whether it was written to its end. For one thread. */
final class WatchedContent implements MessageContent {

    private final MessageContent content;
    private boolean writtenWhole;

    WatchedContent(MessageContent content) {
        this.content = content;
    }

    /** Whether all of the message was written, so that a mail host may have it. */
    boolean writtenWhole() {
        return writtenWhole;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        content.writeTo(out);
        writtenWhole = true;
    }

    @Override
    public OptionalLong size() {
        return content.size();
    }

    @Override
    public boolean eightBit() {
        return content.eightBit();
    }

    @Override
    public boolean utf8Header() {
        return content.utf8Header();
    }
}
