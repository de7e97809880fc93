/**
 * TLS as a client of mail hosts: one TLS context per distinct {@link org.jamestls.policy.TlsRequirement}, the handshake,
 * and what it negotiated.
 */
package org.jamestls.tls;
