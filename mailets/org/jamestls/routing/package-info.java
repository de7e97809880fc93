/**
 * From a recipient domain to the mail hosts to try, in order: a static route, else the gateway, else MX (RFC 5321 §5.1).
 * The resolver is an interface, so that the server and the command line route alike.
 */
package org.jamestls.routing;
