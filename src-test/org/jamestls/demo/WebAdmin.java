package org.jamestls.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an operator asks of a running James over its webadmin API. */
final class WebAdmin {

    private static final Pattern SIZE = Pattern.compile("\"size\":(\\d+)");

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final int port;

    WebAdmin(int port) {
        this.port = port;
    }

    void addDomain(String domain) throws IOException, InterruptedException {
        order("PUT", "/domains/" + domain, "");
    }

    void addUser(String address, String password) throws IOException, InterruptedException {
        order("PUT", "/users/" + address, "{\"password\":\"" + password + "\"}");
    }

    /** Lets the mails of a queue that wait for their next retry go now. */
    void retryNow(String queue) throws IOException, InterruptedException {
        order("PATCH", "/mailQueues/" + queue + "/mails?delayed=true", "{\"delayed\":\"false\"}");
    }

    /** How many mails a queue holds, those being delivered included. */
    int sizeOf(String queue) throws IOException, InterruptedException {
        String answer = order("GET", "/mailQueues/" + queue, "");
        Matcher size = SIZE.matcher(answer);
        if (!size.find()) {
            throw new IOException("James described the queue " + queue + " as " + answer);
        }
        return Integer.parseInt(size.group(1));
    }

    private String order(String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(10))
                .method(method, BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw new IOException(
                    method + " " + path + " was answered " + response.statusCode() + ": " + response.body());
        }
        return response.body();
    }
}
