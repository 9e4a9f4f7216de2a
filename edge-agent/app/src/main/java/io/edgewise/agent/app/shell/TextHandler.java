// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import io.edgewise.agent.Answer;
import io.edgewise.agent.Chat;
import io.edgewise.agent.EdgeModel;
import io.edgewise.agent.Request;
import io.edgewise.agent.Terms;
import io.edgewise.agent.app.api.ApiFailure;
import io.edgewise.agent.app.api.LabelAnswer;
import io.edgewise.agent.app.api.TextCall;
import io.vertx.core.buffer.Buffer;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// `/v1/chat/completions` and `/v1/completions`: routed by the agent; what only the frontier can answer goes there.
final class TextHandler {
    static final String CHAT = "/v1/chat/completions";

    private final Backend backend;
    private final Optional<PassThrough> frontier;
    private final RecentTokens tokens;
    private final AppTerms terms;
    private final InstantSource clock;
    private final boolean canCallTools;
    private final AtomicLong anonymous = new AtomicLong();

    TextHandler(Backend backend, Optional<PassThrough> frontier, RecentTokens tokens, InstantSource clock) {
        this.backend = backend;
        this.frontier = frontier;
        this.tokens = tokens;
        this.terms = new AppTerms(backend.settings());
        this.clock = clock;
        this.canCallTools =
                backend.settings().edge().server().map(server -> server.tools()).orElse(false);
    }

    /// On a thread that may wait. Returns the arm that answered.
    String handle(Exchange exchange, byte[] body) throws ApiFailure {
        String path = exchange.request().path();
        TextCall call = path.equals(CHAT) ? TextCall.chat(body) : TextCall.completion(body);
        Terms agreed = terms.of(exchange, Optional.empty());
        StreamRelay relay = new StreamRelay(exchange);
        Chat chat = new Chat(
                path,
                body,
                call.isStream(),
                authorization(exchange),
                call.isStream() ? Optional.of(relay) : Optional.empty());
        Request request = new Request(terms.unit(exchange, call.user()), call.text(), agreed, Optional.of(chat));
        Optional<EdgeModel> named = backend.build(call.model());
        if (named.isPresent()) {
            return direct(exchange, call, DirectAnswer.of(named.get(), request), relay);
        }
        if (call.shape() == TextCall.Shape.OTHER || call.shape() == TextCall.Shape.TOOLS && !canCallTools) {
            terms.requireMayPass(exchange);
            PassThrough asked = required(frontier);
            exchange.context().runOnContext(_ -> asked.send(exchange, Buffer.buffer(body)));
            return "passthrough";
        }
        Answer answer = backend.agent().serve(request);
        tokens.remember(answer.observationId(), answer.feedbackToken());
        if (relay.begun()) {
            relay.end(answer);
        } else {
            respond(exchange, call, answer);
        }
        return Exchange.arm(answer.servedBy());
    }

    /// Without a frontier nothing may leave the device, and that was said before; this is for the reader.
    static PassThrough required(Optional<PassThrough> frontier) throws ApiFailure {
        return frontier.orElseThrow(() -> ApiFailure.refused(
                403, "stays_on_device", "Only a frontier could answer this, and the settings name none."));
    }

    /// The app's own key for the frontier; never the one that opens this agent.
    private Optional<String> authorization(Exchange exchange) {
        String header = exchange.header("Authorization");
        Optional<String> token = backend.settings().http().token();
        boolean isOurs = header != null && token.isPresent() && Guard.isBearer(header, token.get());
        return header == null || isOurs ? Optional.empty() : Optional.of(header);
    }

    private void respond(Exchange exchange, TextCall call, Answer answer) throws ApiFailure {
        if (answer.details().reply().isPresent()) {
            var reply = answer.details().reply().get();
            exchange.respond(answer, reply.status(), reply.contentType(), reply.body());
            return;
        }
        if (answer.failure().isPresent()) {
            throw unanswered(answer.failure().get());
        }
        label(exchange, call, answer);
    }

    static ApiFailure unanswered(String failure) {
        return failure.endsWith(":timeout")
                ? ApiFailure.refused(504, "timeout", "Not answered in time: " + failure + ".")
                : ApiFailure.refused(503, "no_arm", "Not answered: " + failure + ".");
    }

    private void label(Exchange exchange, TextCall call, Answer answer) {
        String id = answer.observationId().isEmpty() ? "n" + anonymous.incrementAndGet() : answer.observationId();
        LabelAnswer label = new LabelAnswer(call, answer, id, clock.instant().getEpochSecond());
        if (call.isStream()) {
            exchange.respond(answer, 200, "text/event-stream", label.events());
        } else {
            exchange.respond(answer, 200, Exchange.JSON, label.whole());
        }
    }

    /// A build asked by its name: only it answers, and nothing is recorded.
    private String direct(Exchange exchange, TextCall call, Answer answer, StreamRelay relay) throws ApiFailure {
        if (relay.begun()) {
            relay.end(answer);
        } else {
            respond(exchange, call, answer);
        }
        return "build";
    }
}
