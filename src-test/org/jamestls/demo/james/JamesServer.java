package org.jamestls.demo.james;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import org.apache.james.ExtraProperties;
import org.apache.james.FakeSearchMailboxModule;
import org.apache.james.GuiceJamesServer;
import org.apache.james.JamesServerMain;
import org.apache.james.MemoryJamesConfiguration;
import org.apache.james.MemoryJamesServerMain;
import org.apache.james.dnsservice.api.DNSService;
import org.apache.james.modules.RunArgumentsModule;
import org.apache.james.modules.server.JMXServerModule;

/**
 * James's memory server as its own main class makes it, but for one thing: the DNS is a file of records. It ends when
 * its standard input does, so that it never outlives the demonstration.
 */
public final class JamesServer {

    private JamesServer() {}

    /** @param arguments the file of {@link RecordsFileDns} */
    public static void main(String... arguments) throws Exception {
        ExtraProperties.initialize();
        DNSService dns = new RecordsFileDns(Path.of(arguments[0]));
        GuiceJamesServer server = MemoryJamesServerMain.createServer(MemoryJamesConfiguration.builder()
                        .useWorkingDirectoryEnvProperty()
                        .build())
                .combineWith(new FakeSearchMailboxModule(), new JMXServerModule())
                .overrideWith(
                        new RunArgumentsModule(new String[0]),
                        binder -> binder.bind(DNSService.class).toInstance(dns));
        endWithStandardInput();
        JamesServerMain.main(server);
    }

    private static void endWithStandardInput() {
        Thread watch = new Thread(
                () -> {
                    try {
                        System.in.transferTo(OutputStream.nullOutputStream());
                    } catch (IOException e) {
                        System.err.println("The standard input is gone: " + e.getMessage());
                    }
                    System.exit(0);
                },
                "standard-input");
        watch.setDaemon(true);
        watch.start();
    }
}
