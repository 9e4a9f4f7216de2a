// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo.shell.frontier;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.edgewise.agent.EdgeModel;
import io.edgewise.demo.LatencyLaw;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves one model on 127.0.0.1: `/v1/chat/completions` and `/v1/models` as OpenAI does, behind an API key, and the
/// Open Inference Protocol under `/v2`, without one as is usual there.
public final class FrontierServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FrontierServer.class);
    private static final int MOST_BYTES = 256 * 1024;
    private static final int BACKLOG = 1_024;
    private static final String MODELS = "/v2/models/";
    private static final String INFER = "/infer";

    static {
        // Without it, every answer waits for a delayed acknowledgement: 40 ms that nobody stated.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.maxIdleConnections", "2000");
    }

    private final HttpServer server;
    private final ExecutorService executor;
    private final byte[] apiKey;
    private final OpenAiFace openAi;
    private final InferenceFace inference;
    private final ObjectMapper json = new ObjectMapper();

    /// How the frontier behaves. The seed decides latencies and samples.
    public record Settings(String apiKey, double temperature, LatencyLaw network, long seed) {
        @Override
        public String toString() {
            return "Settings[temperature " + temperature + ", " + network.words() + "]";
        }
    }

    private FrontierServer(HttpServer server, EdgeModel model, Settings settings, InstantSource clock) {
        FrontierModel frontier = new FrontierModel(model, settings.temperature(), settings.network(), settings.seed());
        this.server = server;
        this.executor = Executors.newVirtualThreadPerTaskExecutor();
        this.apiKey = bytes("Bearer " + settings.apiKey());
        this.openAi = new OpenAiFace(frontier, clock, json);
        this.inference = new InferenceFace(frontier, json);
    }

    /// Starts on a free port. The model is shared, not closed.
    public static FrontierServer start(EdgeModel model, Settings settings, InstantSource clock) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        FrontierServer server = new FrontierServer(http, model, settings, clock);
        http.setExecutor(server.executor);
        http.createContext("/", server::handle);
        http.start();
        return server;
    }

    public URI base() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean isInference = exchange.getRequestURI().getPath().startsWith("/v2");
            try {
                if (isInference) {
                    respond(exchange, 200, inference(exchange));
                } else {
                    openAi(exchange);
                }
            } catch (Refused refused) {
                respond(exchange, refused.status(), isInference ? inference.error(refused) : openAi.error(refused));
            } catch (RuntimeException e) {
                LOG.warn("The frontier failed at {}.", exchange.getRequestURI(), e);
                Refused failed = Refused.failed();
                respond(exchange, failed.status(), isInference ? inference.error(failed) : openAi.error(failed));
            }
        }
    }

    private void openAi(HttpExchange exchange) throws IOException, Refused {
        requireKey(exchange.getRequestHeaders().getFirst("Authorization"));
        String path = exchange.getRequestURI().getPath();
        switch (path) {
            case "/v1/chat/completions" -> {
                requireMethod(exchange, "POST");
                JsonNode request = body(exchange);
                ObjectNode completion = openAi.complete(request);
                if (OpenAiFace.isStream(request)) {
                    boolean withUsage =
                            request.path("stream_options").path("include_usage").asBoolean(false);
                    stream(exchange, openAi.events(completion, withUsage));
                } else {
                    respond(exchange, 200, completion);
                }
            }
            case "/v1/models" -> {
                requireMethod(exchange, "GET");
                respond(exchange, 200, openAi.models());
            }
            default -> throw Refused.unknownPath(exchange.getRequestMethod(), path);
        }
    }

    private static void stream(HttpExchange exchange, List<ObjectNode> events) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        for (ObjectNode event : events) {
            exchange.getResponseBody().write(bytes("data: " + event + "\n\n"));
            exchange.getResponseBody().flush();
        }
        exchange.getResponseBody().write(bytes("data: [DONE]\n\n"));
    }

    private ObjectNode inference(HttpExchange exchange) throws IOException, Refused {
        String path = exchange.getRequestURI().getPath();
        if (path.startsWith(MODELS) && path.endsWith(INFER) && path.length() > MODELS.length() + INFER.length()) {
            requireMethod(exchange, "POST");
            return inference.infer(path.substring(MODELS.length(), path.length() - INFER.length()), body(exchange));
        }
        requireMethod(exchange, "GET");
        if (path.startsWith(MODELS) && path.length() > MODELS.length()) {
            return inference.metadata(path.substring(MODELS.length()));
        }
        return switch (path) {
            case "/v2/health/live" -> inference.live();
            case "/v2/health/ready" -> inference.ready();
            default -> throw Refused.unknownPath("GET", path);
        };
    }

    private void requireKey(@Nullable String authorization) throws Refused {
        if (authorization == null || !MessageDigest.isEqual(apiKey, bytes(authorization))) {
            throw Refused.noKey();
        }
    }

    private static void requireMethod(HttpExchange exchange, String expected) throws Refused {
        if (!exchange.getRequestMethod().equals(expected)) {
            throw Refused.wrongMethod(
                    exchange.getRequestMethod(), exchange.getRequestURI().getPath(), expected);
        }
    }

    private JsonNode body(HttpExchange exchange) throws IOException, Refused {
        byte[] body = exchange.getRequestBody().readNBytes(MOST_BYTES + 1);
        if (body.length > MOST_BYTES) {
            throw Refused.tooLarge(MOST_BYTES);
        }
        try {
            return json.readTree(body);
        } catch (JacksonException e) {
            throw Refused.invalid(null, "We could not parse the JSON body of your request: " + e.getOriginalMessage());
        }
    }

    private void respond(HttpExchange exchange, int status, ObjectNode answer) throws IOException {
        byte[] bytes = json.writeValueAsBytes(answer);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
