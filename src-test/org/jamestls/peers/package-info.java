/** Mail servers that other people wrote, as peers of the mailet: {@code mvn -B -Ppeers verify}. */
package org.jamestls.peers;
