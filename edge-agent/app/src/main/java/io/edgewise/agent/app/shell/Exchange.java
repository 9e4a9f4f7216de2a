// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import io.edgewise.agent.Answer;
import io.edgewise.agent.Reply;
import io.edgewise.agent.app.api.ApiFailure;
import io.edgewise.agent.app.api.Errors;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One request and its response. What is done to the response happens on its event loop, from whichever thread.
final class Exchange {
    static final String ARM = "X-Edgewise-Arm";
    static final String SERVED_BY = "X-Edgewise-Served-By";
    static final String OBSERVATION = "X-Edgewise-Observation";
    static final String TOKEN = "X-Edgewise-Feedback-Token";
    static final String REASON = "X-Edgewise-Reason";
    static final String OFFLINE = "X-Edgewise-Offline";
    /// All that an answer may tell its app.
    static final String TOLD = String.join(", ", ARM, SERVED_BY, OBSERVATION, TOKEN, REASON, OFFLINE);

    static final String JSON = "application/json";

    private final HttpServerRequest request;
    private final Context context;
    private final boolean isInference;
    private boolean isOver;
    private final List<Runnable> over = new ArrayList<>(2);
    private final long startNanos = System.nanoTime();
    private volatile Runnable begun = () -> {};
    private volatile long actedNanos = startNanos;

    Exchange(HttpServerRequest request, Context context) {
        this.request = request;
        this.context = context;
        this.isInference = request.path().startsWith("/v2");
    }

    /// Runs once, when the response has ended or its connection has; at once where it has. On the event loop.
    void whenOver(Runnable act) {
        if (isOver) {
            act.run();
        } else {
            over.add(act);
        }
    }

    /// On the event loop, by whoever admitted it.
    void over() {
        isOver = true;
        over.forEach(Runnable::run);
        over.clear();
    }

    /// Runs when a streamed answer begins: from then on no limit to the whole of it holds.
    void whenBegun(Runnable act) {
        begun = act;
    }

    /// On the event loop.
    void begun() {
        begun.run();
    }

    /// Half an answer must not pass for a whole one. Nobody else hears of the end of a response that was reset.
    void breakOff() {
        request.response().reset();
        over();
    }

    HttpServerRequest request() {
        return request;
    }

    Context context() {
        return context;
    }

    /// How long it has been here.
    Duration age() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    @Nullable
    String header(String name) {
        return request.getHeader(name);
    }

    void respond(int status, String contentType, byte[] body) {
        onLoop(response -> {
            response.setStatusCode(status).putHeader("Content-Type", contentType);
            response.end(Buffer.buffer(body));
        });
    }

    /// With who answered.
    void respond(Answer answer, int status, String contentType, byte[] body) {
        onLoop(response -> {
            tell(response, answer);
            response.setStatusCode(status).putHeader("Content-Type", contentType);
            response.end(Buffer.buffer(body));
        });
    }

    /// With who answered, in the words that it answered.
    void respond(Answer answer, Reply reply) {
        onLoop(response -> {
            tell(response, answer);
            reply.headers().forEach(response::putHeader);
            response.setStatusCode(reply.status()).putHeader("Content-Type", reply.contentType());
            response.end(Buffer.buffer(reply.body()));
        });
    }

    /// With an error in the shape of the surface that was asked.
    void fail(ApiFailure failure) {
        byte[] body = isInference ? Errors.inference(failure) : Errors.openAi(failure);
        onLoop(response -> {
            response.setStatusCode(failure.status()).putHeader("Content-Type", JSON);
            if (failure.status() == 503) {
                response.putHeader("Retry-After", "1");
            }
            response.end(Buffer.buffer(body));
        });
    }

    static void tell(HttpServerResponse response, Answer answer) {
        response.putHeader(ARM, arm(answer.servedBy()));
        if (!answer.details().who().isEmpty()) {
            response.putHeader(SERVED_BY, answer.details().who());
        }
        if (!answer.details().reason().isEmpty()) {
            response.putHeader(REASON, answer.details().reason());
        }
        if (answer.details().offline()) {
            response.putHeader(OFFLINE, "true");
        }
        if (!answer.observationId().isEmpty()) {
            response.putHeader(OBSERVATION, answer.observationId());
            response.putHeader(TOKEN, answer.feedbackToken());
        }
    }

    static String arm(io.edgewise.contracts.v1.Role role) {
        return switch (role) {
            case ROLE_CHAMPION, ROLE_CHALLENGER, ROLE_REFERENCE ->
                role.name().substring("ROLE_".length()).toLowerCase(Locale.ROOT);
            case ROLE_UNSPECIFIED, UNRECOGNIZED -> "none";
        };
    }

    /// An act on the response.
    interface Act {
        void on(HttpServerResponse response);
    }

    /// When the response was last given something to do, by `System.nanoTime()`; until then, when its request came.
    long actedNanos() {
        return actedNanos;
    }

    /// Nothing happens to a response that is over: its app is gone.
    void onLoop(Act act) {
        actedNanos = System.nanoTime();
        context.runOnContext(_ -> {
            HttpServerResponse response = request.response();
            if (!response.ended() && !response.closed()) {
                act.on(response);
            }
        });
    }
}
