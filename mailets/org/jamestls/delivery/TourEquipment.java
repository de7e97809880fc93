package org.jamestls.delivery;

import java.time.InstantSource;
import java.util.function.IntSupplier;
import org.jamestls.routing.Router;
import org.jamestls.smtp.SmtpConnections;

/**
 * What all tours of all mails share.
 *
 * @param router knows the addresses of mail hosts
 * @param connections lends connections to them
 * @param backoff knows which hosts could not be reached a short while ago
 * @param reportedViolations counts violations that are only reported
 * @param roots the number of the trusted roots in force
 * @param limits how far each tour goes
 * @param clock the time that they are measured with
 */
record TourEquipment(
        Router router,
        SmtpConnections connections,
        MailHostBackoff backoff,
        ReportedViolations reportedViolations,
        IntSupplier roots,
        TourLimits limits,
        InstantSource clock) {}
