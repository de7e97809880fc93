package org.jamestls.delivery;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.mail.MessagingException;
import javax.mail.Multipart;
import javax.mail.Part;

/** How deep the parts of a message are nested: whoever writes the message decides, and what follows them is recursive. */
final class MimeNesting {

    private MimeNesting() {}

    private record Nested(Part part, int depth) {}

    /** Whether parts are nested deeper than so many multiparts. Itself without recursion, it looks no deeper. */
    static boolean isDeeperThan(int limit, Part message) throws MessagingException, IOException {
        Deque<Nested> unseen = new ArrayDeque<>();
        unseen.push(new Nested(message, 0));
        while (!unseen.isEmpty()) {
            Nested next = unseen.pop();
            if (next.part().isMimeType("multipart/*") && next.part().getContent() instanceof Multipart parts) {
                if (next.depth() == limit) {
                    return true;
                }
                for (int i = 0; i < parts.getCount(); i++) {
                    unseen.push(new Nested(parts.getBodyPart(i), next.depth() + 1));
                }
            }
        }
        return false;
    }
}
