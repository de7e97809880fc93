/**
 * Delivery inside James: the mailet's parameters, the worker on the outgoing queue, one attempt at the mail hosts of a
 * domain, retries and bounces.
 */
package org.jamestls.delivery;
