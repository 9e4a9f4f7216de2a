// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import io.edgewise.agent.Receipt;
import io.edgewise.agent.app.api.ApiFailure;
import io.edgewise.agent.app.api.FeedbackCall;
import io.edgewise.agent.app.api.ModelList;
import io.edgewise.agent.app.config.Settings;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;

/// What the agent answers, by path: the OpenAI API, the Open Inference Protocol, feedback, and what operators ask.
final class Surfaces {
    private static final System.Logger LOG = System.getLogger(Surfaces.class.getName());
    private static final String EMBEDDINGS = "/v1/embeddings";
    private static final String PASSED = "passthrough";
    private static final int BODY_MS = 30_000;
    private static final int LATE_MS = 1_000;
    /// Of all bodies that are held at once, however many requests there are.
    private static final long BUFFERED = 16L << 20;

    private final Vertx vertx;
    private final Backend backend;
    private final BooleanSupplier ready;
    private final AgentMetrics metrics;
    private final RecentTokens tokens = new RecentTokens();
    private final Optional<PassThrough> frontier;
    private final Optional<PassThrough> embeddings;
    private final EmbeddingsHandler redacted;
    private final TextHandler texts;
    private final InferHandler inference;
    private final AppTerms terms;
    private final long sinceSeconds;
    private final AtomicLong buffered = new AtomicLong();

    Surfaces(Vertx vertx, Backend backend, BooleanSupplier ready, DoubleSupplier running) throws IOException {
        this.vertx = vertx;
        this.backend = backend;
        this.ready = ready;
        this.metrics = new AgentMetrics(backend, running);
        Settings settings = backend.settings();
        this.frontier = frontier(settings);
        this.embeddings = embeddings(settings);
        InstantSource clock = InstantSource.system();
        this.texts = new TextHandler(backend, frontier, tokens, clock);
        this.inference = new InferHandler(backend, tokens);
        this.terms = new AppTerms(settings);
        this.redacted = new EmbeddingsHandler(
                frontier, terms, settings.policies().privacy().redactor());
        this.sinceSeconds = clock.instant().getEpochSecond();
    }

    private Optional<PassThrough> frontier(Settings settings) throws IOException {
        Optional<Settings.Frontier> first = settings.frontiers().first();
        if (first.isEmpty()) {
            return Optional.empty();
        }
        Settings.Frontier asked = first.get();
        return Optional.of(new PassThrough(
                vertx, new PassThrough.Upstream(asked.name(), asked.url(), asked.key(), true), settings));
    }

    /// Which has nothing to do with the app's key for a vendor.
    private Optional<PassThrough> embeddings(Settings settings) throws IOException {
        Optional<Settings.LocalServer> server = settings.edge().server().filter(Settings.LocalServer::embeddings);
        if (server.isEmpty()) {
            return Optional.empty();
        }
        Settings.LocalServer asked = server.get();
        return Optional.of(new PassThrough(
                vertx, new PassThrough.Upstream(asked.build(), asked.url(), asked.key(), false), settings));
    }

    /// As it is now: builds may be fetched.
    private ModelList models() {
        SequencedMap<String, String> owners = new LinkedHashMap<>();
        backend.settings().frontiers().members().forEach(asked -> owners.putIfAbsent(asked.model(), asked.name()));
        backend.builds().keySet().forEach(build -> owners.put(build, "edgewise"));
        return new ModelList(owners, sinceSeconds);
    }

    /// What handles a body, on a thread that may wait; returns who answered.
    private interface Handler {
        String handle(byte[] body) throws ApiFailure;
    }

    void serve(Exchange exchange) {
        String path = exchange.request().path();
        HttpMethod method = exchange.request().method();
        try {
            if (method.equals(HttpMethod.OPTIONS) && exchange.header("Origin") != null) {
                preflight(exchange);
            } else if (path.equals("/v2") || path.startsWith("/v2/")) {
                inference(exchange, path, method);
            } else if (method.equals(HttpMethod.POST) && isText(path)) {
                read(exchange, "openai", body -> texts.handle(exchange, body));
            } else if (method.equals(HttpMethod.POST) && path.equals("/v1/feedback")) {
                read(exchange, "feedback", body -> feedback(exchange, body));
            } else if (method.equals(HttpMethod.GET) && path.equals("/v1/models")) {
                exchange.respond(200, Exchange.JSON, models().all());
            } else if (method.equals(HttpMethod.GET) && path.startsWith("/v1/models/")) {
                exchange.respond(200, Exchange.JSON, models().one(path.substring("/v1/models/".length())));
            } else if (path.equals(EMBEDDINGS) && embeddings.isPresent()) {
                count(exchange, PASSED, System.nanoTime());
                embeddings.get().send(exchange, null);
            } else if (method.equals(HttpMethod.POST) && path.equals(EMBEDDINGS) && terms.isRedacted(exchange)) {
                read(exchange, PASSED, body -> redacted.handle(exchange, body));
            } else if (path.startsWith("/v1/")) {
                pass(exchange, path);
            } else {
                throw ApiFailure.refused(
                        404, "unknown_url", "There is nothing at this address; docs/agent.md lists what there is.");
            }
        } catch (ApiFailure e) {
            exchange.fail(e);
        }
    }

    private static boolean isText(String path) {
        return path.equals(TextHandler.CHAT) || path.equals("/v1/completions");
    }

    private void pass(Exchange exchange, String path) throws ApiFailure {
        String lower = path.toLowerCase(java.util.Locale.ROOT);
        if (lower.contains("/../") || lower.endsWith("/..") || lower.contains("%2e") || lower.contains("%2f")) {
            throw ApiFailure.refused(400, "bad_path", "The path must not lead out of /v1.");
        }
        terms.requireMayPass(exchange);
        PassThrough asked = TextHandler.required(frontier);
        count(exchange, PASSED, System.nanoTime());
        asked.send(exchange, null);
    }

    /// What passes through is counted when all of its answer is there. On the event loop.
    private void count(Exchange exchange, String surface, long start) {
        exchange.whenOver(() -> metrics.answered(surface, PASSED, System.nanoTime() - start));
    }

    private void inference(Exchange exchange, String path, HttpMethod method) throws ApiFailure {
        if (path.startsWith("/v2/models/")) {
            InferHandler.Target target = InferHandler.target(path);
            if (method.equals(HttpMethod.POST) && target.act().equals("infer")) {
                read(exchange, "inference", body -> inference.infer(exchange, target, body));
                return;
            }
            exchange.respond(200, Exchange.JSON, inference.describe(target));
            return;
        }
        switch (path) {
            case "/v2" ->
                exchange.respond(
                        200,
                        Exchange.JSON,
                        json("{\"name\":\"edgewise-agent\",\"version\":\"" + Backend.VERSION
                                + "\",\"extensions\":[]}"));
            case "/v2/health/live" -> exchange.respond(200, Exchange.JSON, json("{\"live\":true}"));
            case "/v2/health/ready" ->
                exchange.respond(
                        ready.getAsBoolean() ? 200 : 503,
                        Exchange.JSON,
                        json("{\"ready\":" + ready.getAsBoolean() + "}"));
            default -> throw ApiFailure.refused(404, "unknown_url", "The protocol has no such address.");
        }
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void preflight(Exchange exchange) {
        exchange.onLoop(response -> {
            response.putHeader("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE");
            String asked = exchange.header("Access-Control-Request-Headers");
            if (asked != null) {
                response.putHeader("Access-Control-Allow-Headers", asked);
            }
            response.setStatusCode(204).end();
        });
    }

    /// Reads the body, not more of it than allowed, then lets a virtual thread answer until the app leaves
    /// or the time is over.
    private void read(Exchange exchange, String surface, Handler handler) throws ApiFailure {
        Duration deadline = terms.deadline(exchange);
        if (exchange.header("Content-Encoding") != null) {
            throw ApiFailure.refused(415, "encoded", "Send the body as it is, without Content-Encoding.");
        }
        int most = backend.settings().http().limits().mostBody();
        Buffer body = Buffer.buffer();
        exchange.whenOver(() -> buffered.addAndGet(-body.length()));
        long slow = vertx.setTimer(BODY_MS, _ -> exchange.request().connection().close());
        exchange.request().handler(part -> {
            boolean isFull = buffered.get() + part.length() > Math.max(BUFFERED, most);
            if (isFull && !exchange.request().response().ended()) {
                exchange.request().response().putHeader("Connection", "close");
                exchange.fail(ApiFailure.refused(503, "overloaded", "Too much is being sent at once; try again."));
            } else if (!isFull && body.length() + part.length() <= most) {
                body.appendBuffer(part);
                buffered.addAndGet(part.length());
            } else if (!exchange.request().response().ended()) {
                exchange.request().response().putHeader("Connection", "close");
                exchange.fail(ApiFailure.refused(413, "too_large", "The body is larger than " + most + " bytes."));
            }
        });
        exchange.request().exceptionHandler(_ -> vertx.cancelTimer(slow));
        exchange.request().endHandler(_ -> {
            vertx.cancelTimer(slow);
            if (!exchange.request().response().ended()) {
                answer(exchange, surface, body.getBytes(), deadline, handler);
            }
        });
    }

    private void answer(Exchange exchange, String surface, byte[] body, Duration deadline, Handler handler) {
        Work work = new Work();
        long timer = vertx.setTimer(Math.max(1, deadline.minus(exchange.age()).toMillis() + 1), _ -> {
            metrics.cancelled();
            work.cancel();
            late(exchange);
        });
        exchange.whenBegun(() -> vertx.cancelTimer(timer));
        exchange.whenOver(() -> vertx.cancelTimer(timer));
        exchange.request().response().closeHandler(_ -> {
            metrics.cancelled();
            work.cancel();
        });
        long start = System.nanoTime();
        Thread.ofVirtual()
                .name("edgewise-request")
                .start(() -> work.run(() -> {
                    String arm = handled(exchange, body, handler);
                    boolean isPassed = arm.equals(PASSED);
                    if (!isPassed) {
                        metrics.answered(surface, arm, exchange.actedNanos() - start);
                        return;
                    }
                    exchange.context().runOnContext(_ -> {
                        vertx.cancelTimer(timer);
                        count(exchange, surface, start);
                    });
                }));
    }

    /// Who was cancelled says itself that it is late, unless it is in native code that hears nothing of it.
    private void late(Exchange exchange) {
        long _ = vertx.setTimer(LATE_MS, _ -> {
            if (!exchange.request().response().headWritten()) {
                exchange.fail(ApiFailure.refused(504, "timeout", "Not answered in time, nor to be stopped."));
            }
        });
    }

    private static String handled(Exchange exchange, byte[] body, Handler handler) {
        try {
            return handler.handle(body);
        } catch (ApiFailure e) {
            exchange.fail(e);
            return "none";
        } catch (Throwable e) {
            LOG.log(System.Logger.Level.ERROR, "a request failed inside the agent", e);
            exchange.fail(ApiFailure.refused(500, "internal", "The agent failed at this request; its log says why."));
            return "none";
        }
    }

    private String feedback(Exchange exchange, byte[] body) throws ApiFailure {
        FeedbackCall call = FeedbackCall.read(body);
        String token = call.token().isEmpty()
                ? tokens.of(call.observation())
                        .orElseThrow(() -> ApiFailure.refused(
                                404,
                                "unknown_observation",
                                "This observation is not among the latest " + RecentTokens.MOST
                                        + "; send the answer's token instead."))
                : call.token();
        Receipt receipt = backend.agent().feedback(token, call.opinion());
        switch (receipt) {
            case RECORDED -> exchange.respond(200, Exchange.JSON, json("{\"recorded\":true}"));
            case FOREIGN_TOKEN -> throw ApiFailure.invalid("token", "This token is not one that this agent gave.");
            case NO_LABEL ->
                throw ApiFailure.invalid(
                        "correction", "A correction is a label: 1 to 256 characters without control characters.");
            case NOT_RECORDED ->
                throw ApiFailure.refused(503, "not_recorded", "The disk does not take it now; send it again.");
        }
        return "feedback";
    }

    /// `/q/…`: health and metrics.
    void operations(Exchange exchange) {
        boolean isReady = ready.getAsBoolean();
        switch (exchange.request().path()) {
            case "/q/health/live" -> exchange.respond(200, Exchange.JSON, json("{\"status\":\"UP\"}"));
            case "/q/health", "/q/health/ready" ->
                exchange.respond(
                        isReady ? 200 : 503, Exchange.JSON, json("{\"status\":\"" + (isReady ? "UP" : "DOWN") + "\"}"));
            case "/q/metrics" -> {
                try {
                    exchange.respond(200, "text/plain; version=0.0.4; charset=utf-8", metrics.text());
                } catch (IOException e) {
                    exchange.fail(ApiFailure.refused(500, "internal", "The metrics cannot be written."));
                }
            }
            default -> exchange.fail(ApiFailure.refused(404, "unknown_url", "There is nothing at this address."));
        }
    }
}
