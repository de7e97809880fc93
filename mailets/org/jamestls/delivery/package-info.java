/**
 * Delivery inside James: the mailet's parameters, the worker on the outgoing queue, one attempt at the mail hosts of a
 * domain, retries and bounces. What report mode finds is on the mail, in the log and in the metrics of
 * {@link org.jamestls.delivery.ReportedViolations}.
 */
package org.jamestls.delivery;
