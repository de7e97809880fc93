package org.jamestls.testing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Field;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.ClientHello;
import org.bouncycastle.tls.SignatureScheme;

/** A server that reads the ClientHello, keeps it, and ends the connection. */
public final class OfferedHello implements AutoCloseable {

    private static final int HANDSHAKE_HEADER = 4; // RFC 8446 §4
    private static final int SIGNATURE_ALGORITHMS = 13; // RFC 8446 §4.2
    private static final int SIGNATURE_ALGORITHMS_CERT = 50;

    private static final OutputStream NO_DTLS = null;

    private final BlockingQueue<byte[]> messages = new LinkedBlockingQueue<>();
    private final TlsServer server = TlsServer.scripted(socket -> messages.add(read(socket.getInputStream())));

    public OfferedHello() throws IOException {}

    public Socket connect() throws IOException {
        return server.connect();
    }

    /** Reads records until the first handshake message is whole; its header is left out. */
    private static byte[] read(InputStream in) throws IOException {
        DataInputStream records = new DataInputStream(in);
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        int length = Integer.MAX_VALUE;
        while (message.size() < length) {
            records.readNBytes(3);
            message.write(records.readNBytes(records.readUnsignedShort()));
            byte[] begun = message.toByteArray();
            length = HANDSHAKE_HEADER + ((begun[1] & 0xff) << 16 | (begun[2] & 0xff) << 8 | begun[3] & 0xff);
        }
        return Arrays.copyOfRange(message.toByteArray(), HANDSHAKE_HEADER, length);
    }

    private byte[] awaitMessage() throws InterruptedException {
        byte[] message = messages.poll(10, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("no ClientHello came");
        }
        return message;
    }

    /** The next ClientHello. */
    public Offer await() throws IOException, InterruptedException {
        byte[] message = awaitMessage();
        return new Offer(message.length, ClientHello.parse(new ByteArrayInputStream(message), NO_DTLS));
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    /**
     * What a client offers.
     *
     * @param octets the length of its ClientHello, without headers
     * @param hello the ClientHello
     */
    public record Offer(int octets, ClientHello hello) {

        public boolean hasExtension(int type) {
            return hello.getExtensions().containsKey(type);
        }

        /** The cipher suites by their IANA names, as far as the library knows them. */
        public List<String> cipherSuites() {
            return Arrays.stream(hello.getCipherSuites())
                    .mapToObj(suite -> Arrays.stream(CipherSuite.class.getFields())
                            .filter(field -> value(field) == suite)
                            .map(Field::getName)
                            .findFirst()
                            .orElse(Integer.toHexString(suite)))
                    .toList();
        }

        private static int value(Field field) {
            try {
                return field.getInt(null);
            } catch (IllegalAccessException e) {
                throw new AssertionError(e);
            }
        }

        /**
         * The signatures of handshakes and certificates, such as {@code ecdsa_secp256r1_sha256}, or the code's four
         * digits where it is of TLS 1.2 alone: the first two tell the hash.
         */
        public List<String> signatures() {
            return List.of(SIGNATURE_ALGORITHMS, SIGNATURE_ALGORITHMS_CERT).stream()
                    .map(type -> (byte[]) hello.getExtensions().get(type))
                    .filter(extension -> extension != null)
                    .flatMap(Offer::names)
                    .toList();
        }

        private static Stream<String> names(byte[] extension) {
            return IntStream.range(1, extension.length / 2)
                    .map(i -> (extension[2 * i] & 0xff) << 8 | extension[2 * i + 1] & 0xff)
                    .mapToObj(scheme -> SignatureScheme.getName(scheme).equals("UNKNOWN")
                            ? String.format("%04x", scheme)
                            : SignatureScheme.getName(scheme));
        }
    }
}
