/**
 * What a mail host's certificate proves: trusted roots, the rules of strong validation, name matching, and what a peer
 * presented. The trust manager here ties each verdict to the one connection it was given for.
 */
package org.jamestls.certificate;
