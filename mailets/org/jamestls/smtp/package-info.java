/**
 * SMTP as a client (RFC 5321). {@link org.jamestls.smtp.SmtpClient} connects to one address of a mail host, reads its
 * greeting, says EHLO, asks for STARTTLS (RFC 3207), lets the handshake decide, and says EHLO again, since nothing that
 * was said in the clear counts any longer. The {@link org.jamestls.smtp.SmtpConnection} that results satisfies its TLS
 * requirement, or knows the violation that is only to be reported; only then can MAIL, RCPT and DATA be sent, one {@link org.jamestls.smtp.Envelope} with one
 * {@link org.jamestls.smtp.MessageContent} after the other. A {@link org.jamestls.smtp.TransactionOutcome} says what
 * became of every recipient, a {@link org.jamestls.smtp.SmtpFailure} why.
 */
package org.jamestls.smtp;
