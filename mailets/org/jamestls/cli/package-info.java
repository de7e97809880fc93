/**
 * The command line: checks policy files, explains what they decide, and rehearses the connections. What decides and
 * verifies here is the code that delivers: {@link org.jamestls.policy.PolicyTable}, {@link org.jamestls.routing.Router} and
 * {@link org.jamestls.smtp.SmtpClient}. {@link org.jamestls.cli.TlsEnforcementCommand} is where it begins.
 */
package org.jamestls.cli;
