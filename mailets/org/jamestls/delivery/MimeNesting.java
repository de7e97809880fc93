package org.jamestls.delivery;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.mail.MessagingException;
import javax.mail.Multipart;
import javax.mail.Part;

/** How deep the parts of a message are nested: whoever writes the message decides, and what follows them is recursive. */
final class MimeNesting {

    private MimeNesting() {}

    /** Whether parts are nested deeper than so many multiparts. Itself without recursion, it looks no deeper. */
    static boolean isDeeperThan(int limit, Part message) throws MessagingException, IOException {
        List<Part> level = List.of(message);
        for (int depth = 0; !level.isEmpty(); depth++) {
            List<Part> below = new ArrayList<>();
            for (Part part : level) {
                if (part.isMimeType("multipart/*") && part.getContent() instanceof Multipart parts) {
                    if (depth == limit) {
                        return true;
                    }
                    for (int i = 0; i < parts.getCount(); i++) {
                        below.add(parts.getBodyPart(i));
                    }
                }
            }
            level = below;
        }
        return false;
    }
}
