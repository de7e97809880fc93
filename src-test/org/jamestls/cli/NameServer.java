package org.jamestls.cli;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.james.dnsservice.api.TemporaryResolutionException;
import org.jamestls.james.DeclaredDns;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** A name server on a loopback port that answers what a {@link DeclaredDns} declares. */
public final class NameServer implements AutoCloseable {

    private static final int TTL = 60;

    private final DeclaredDns dns;
    private final DatagramSocket socket;

    public NameServer(DeclaredDns dns) throws IOException {
        this.dns = dns;
        this.socket = new DatagramSocket(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
        Thread thread = new Thread(this::serve, "name-server");
        thread.setDaemon(true);
        thread.start();
    }

    /** As {@code --dns} takes it. */
    public String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    private void serve() {
        byte[] buffer = new byte[4096];
        while (!socket.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                byte[] answer = answer(new Message(Arrays.copyOf(buffer, packet.getLength())))
                        .toWire();
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (IOException e) {
                return;
            }
        }
    }

    private Message answer(Message query) {
        Record question = query.getQuestion();
        Message answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.addRecord(question, Section.QUESTION);
        try {
            List<Record> records = records(question.getName(), question.getType());
            records.forEach(record -> answer.addRecord(record, Section.ANSWER));
            if (records.isEmpty()) {
                answer.getHeader().setRcode(Rcode.NXDOMAIN);
            }
        } catch (TemporaryResolutionException e) {
            answer.getHeader().setRcode(Rcode.SERVFAIL);
        } catch (IOException e) {
            answer.getHeader().setRcode(Rcode.FORMERR);
        }
        return answer;
    }

    private List<Record> records(Name name, int type) throws IOException, TemporaryResolutionException {
        String text = name.toString(true);
        List<Record> records = new ArrayList<>();
        if (type == Type.MX) {
            int preference = 0;
            for (String exchange : dns.findMXRecords(text)) {
                preference += 10;
                records.add(new MXRecord(name, DClass.IN, TTL, preference, Name.fromString(exchange)));
            }
            return records;
        }
        for (InetAddress address : addresses(text)) {
            boolean ipv4 = address instanceof Inet4Address;
            if (type == Type.A && ipv4) {
                records.add(new ARecord(name, DClass.IN, TTL, address));
            } else if (type == Type.AAAA && !ipv4) {
                records.add(new AAAARecord(name, DClass.IN, TTL, address));
            }
        }
        return records;
    }

    private List<InetAddress> addresses(String host) {
        try {
            return List.copyOf(dns.getAllByName(host));
        } catch (UnknownHostException e) {
            return List.of();
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
