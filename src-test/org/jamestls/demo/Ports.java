package org.jamestls.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/**
 * The ports of this run, all free and above 1024.
 *
 * @param smtp where James takes mail
 * @param pop3 where James hands out mail
 * @param webAdmin where James takes orders
 * @param mailHosts where the receiving servers listen, each on an address of its own
 */
record Ports(int smtp, int pop3, int webAdmin, int mailHosts) {

    static Ports find() throws IOException {
        // All are held until all are found, so that they differ.
        try (ServerSocket smtp = onLoopback();
                ServerSocket pop3 = onLoopback();
                ServerSocket webAdmin = onLoopback();
                ServerSocket everywhere = new ServerSocket(0)) {
            return new Ports(
                    smtp.getLocalPort(), pop3.getLocalPort(), webAdmin.getLocalPort(), everywhere.getLocalPort());
        }
    }

    private static ServerSocket onLoopback() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }
}
