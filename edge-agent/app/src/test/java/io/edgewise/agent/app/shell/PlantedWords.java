// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/// Words that nobody else writes, put wherever people's words may stand, and looked for wherever something
/// may be kept. Everything that this process logs is kept, whatever its level; and so is what a frontier
/// was told, which answers in such words, or complains in them.
final class PlantedWords implements AutoCloseable {
    /// All words begin with it.
    static final String MARK = "zyxwplanted";

    private final List<String> logged = new CopyOnWriteArrayList<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final HttpServer frontier;
    private final Logger root = Logger.getLogger("");
    private final Level level = root.getLevel();
    private final Logger own = Logger.getLogger("io.edgewise");
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord record) {
            StringWriter text = new StringWriter();
            text.append(String.valueOf(record.getMessage()));
            if (record.getParameters() != null) {
                text.append(List.of(record.getParameters()).toString());
            }
            if (record.getThrown() != null) {
                record.getThrown().printStackTrace(new PrintWriter(text));
            }
            logged.add(text.toString());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    PlantedWords() throws IOException {
        handler.setLevel(Level.ALL);
        own.setLevel(Level.ALL);
        root.addHandler(handler);
        frontier = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        frontier.createContext("/", exchange -> {
            String asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            heard.add(asked);
            boolean isComplaint = asked.contains(MARK + "complain");
            byte[] answer = (isComplaint
                            ? "{\"error\":{\"message\":\"" + MARK + "complaint\",\"code\":\"" + MARK + "code\"}}"
                            : "{\"model\":\"cloud-1\",\"choices\":[{\"message\":{\"role\":\"assistant\","
                                    + "\"content\":\"" + MARK + "answer\"}}]}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.getResponseHeaders().add("X-Vendor", MARK + "vendorheader");
            exchange.sendResponseHeaders(isComplaint ? 400 : 200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        frontier.start();
    }

    URI frontier() {
        return URI.create("http://127.0.0.1:" + frontier.getAddress().getPort());
    }

    /// What the frontier was told.
    List<String> heard() {
        return heard;
    }

    static String chat(String kind) {
        return "{\"model\": \"%1$s-model\", \"user\": \"%1$s-user\", \"metadata\": {\"%1$s-key\": \"%1$s-value\"}, "
                        .formatted(MARK + kind)
                + "\"messages\": [{\"role\": \"system\", \"content\": \"%1$s-system\"}, ".formatted(MARK + kind)
                + "{\"role\": \"user\", \"content\": \"%1$s how do i change my oil\"}]}".formatted(MARK + kind);
    }

    void assertNotLogged() {
        assertThat(logged).as("something is logged at all").isNotEmpty();
        assertThat(logged).filteredOn(PlantedWords::isIn).isEmpty();
    }

    static boolean isIn(String text) {
        return text.contains(MARK);
    }

    static boolean isIn(byte[] bytes) {
        return isIn(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    static boolean isIn(ConsumerRecord<byte[], byte[]> record) {
        boolean isInHeaders = false;
        for (Header header : record.headers()) {
            isInHeaders |= isIn(header.value());
        }
        return isInHeaders || isIn(record.key()) || isIn(record.value());
    }

    /// Files of a folder, and of all folders in it, in which one stands.
    static List<Path> filesWithWords(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> {
                        try {
                            return isIn(Files.readAllBytes(file));
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .toList();
        }
    }

    @Override
    public void close() {
        root.removeHandler(handler);
        root.setLevel(level);
        own.setLevel(null);
        frontier.stop(0);
    }
}
