package org.jamestls.load;

import static org.jamestls.load.Disruption.CLOSE_AFTER_MAIL;
import static org.jamestls.load.Disruption.CLOSE_WHEN_IDLE;
import static org.jamestls.load.Disruption.DOT_451;
import static org.jamestls.load.Disruption.DOWN;
import static org.jamestls.load.Disruption.GREETING_421;
import static org.jamestls.load.Disruption.LATE_REPLY;
import static org.jamestls.load.Disruption.MAIL_421;
import static org.jamestls.load.Disruption.MAIL_451;
import static org.jamestls.load.Disruption.NO_STARTTLS;
import static org.jamestls.load.Disruption.RCPT_450;
import static org.jamestls.load.Disruption.RESET_AT_ONCE;
import static org.jamestls.load.Disruption.RESET_IN_MESSAGE;
import static org.jamestls.load.Disruption.STARTTLS_454;
import static org.jamestls.load.Disruption.WRONG_CERTIFICATE;

import java.util.List;

/** How a mail host behaves. Those that disrupt connections also end them often, so that there are many. */
record Temper(Changes atConnections, Changes atMails, boolean refusesSomeForGood) {

    static final Temper PROMPT = new Temper(Changes.NONE, Changes.NONE, false);

    static final List<Temper> DISRUPTIVE = List.of(
            new Temper(Changes.of(2, 2, GREETING_421), Changes.of(20, 1, CLOSE_AFTER_MAIL), false),
            new Temper(Changes.of(2, 1, DOWN), Changes.of(20, 1, CLOSE_AFTER_MAIL), false),
            new Temper(Changes.of(1, 2, RESET_AT_ONCE, GREETING_421), Changes.of(15, 1, RESET_IN_MESSAGE), false),
            new Temper(Changes.of(3, 4, NO_STARTTLS, STARTTLS_454), Changes.of(10, 1, CLOSE_AFTER_MAIL), false),
            new Temper(Changes.of(3, 6, WRONG_CERTIFICATE), Changes.of(10, 1, CLOSE_AFTER_MAIL), false),
            new Temper(Changes.NONE, Changes.of(3, 2, MAIL_451, MAIL_421), false),
            new Temper(Changes.NONE, Changes.of(5, 1, RCPT_450), true),
            new Temper(Changes.of(1, 1, CLOSE_WHEN_IDLE), Changes.of(5, 1, CLOSE_AFTER_MAIL, DOT_451), false),
            new Temper(Changes.NONE, Changes.of(0, 1, LATE_REPLY), false),
            new Temper(
                    Changes.of(1, 1, RESET_AT_ONCE, GREETING_421, CLOSE_WHEN_IDLE, WRONG_CERTIFICATE),
                    Changes.of(4, 3, LATE_REPLY, MAIL_421, RESET_IN_MESSAGE, DOT_451, RCPT_450, CLOSE_AFTER_MAIL),
                    true));
}
