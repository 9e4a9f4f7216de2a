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
import io.edgewise.agent.privacy.PrivacyClass;
import io.edgewise.agent.privacy.PrivacyPolicy;
import io.edgewise.contracts.Workload;
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
    private final PrivacyPolicy policy;
    private final boolean canCallTools;
    private final boolean takesTexts;
    private final AtomicLong anonymous = new AtomicLong();

    TextHandler(Backend backend, Optional<PassThrough> frontier, RecentTokens tokens, InstantSource clock) {
        this.backend = backend;
        this.frontier = frontier;
        this.tokens = tokens;
        this.terms = new AppTerms(backend.settings());
        this.clock = clock;
        this.policy = backend.settings().policies().privacy();
        this.takesTexts = backend.settings().workload().kind() != Workload.Kind.CLASSIFICATION;
        this.canCallTools =
                backend.settings().edge().server().map(server -> server.tools()).orElse(false);
    }

    /// On a thread that may wait. Returns the arm that answered.
    String handle(Exchange exchange, byte[] body) throws ApiFailure {
        String path = exchange.request().path();
        TextCall call = path.equals(CHAT) ? TextCall.chat(body) : TextCall.completion(body);
        Terms agreed = terms.of(exchange, Optional.empty());
        StreamRelay relay =
                new StreamRelay(exchange, backend.settings().http().limits().timeout());
        Chat chat = new Chat(
                path,
                body,
                call.isStream(),
                call.shape() == TextCall.Shape.TOOLS,
                authorization(exchange),
                call.isStream() ? Optional.of(relay) : Optional.empty(),
                AppHeaders.of(exchange.request()));
        Request request = new Request(
                terms.unit(exchange, call.user()), call.text(), agreed, Optional.of(chat), AppTerms.features(exchange));
        Optional<EdgeModel> named = backend.build(call.model());
        if (named.isPresent()) {
            // Only it answers, and nothing is recorded.
            respond(exchange, call, backend.alone(named.get(), request), relay);
            return "build";
        }
        if (!isRouted(call.shape(), agreed)) {
            terms.requireMayPass(exchange);
            PassThrough asked = required(frontier);
            exchange.context().runOnContext(_ -> asked.send(exchange, Buffer.buffer(body)));
            return "passthrough";
        }
        Answer answer = backend.agent().serve(request, told -> {
            tokens.remember(told.observationId(), told.feedbackToken());
            respond(exchange, call, told, relay);
        });
        return Exchange.arm(answer.servedBy());
    }

    /// What asks for tools is put to the arms where one of this device can do that, or where answers are
    /// texts: then the frontier is asked with what could be redacted. Not where it may leave as it is, nor
    /// where labels are counted.
    private boolean isRouted(TextCall.Shape shape, Terms agreed) {
        return switch (shape) {
            case PLAIN -> true;
            case OTHER -> false;
            case TOOLS -> canCallTools || takesTexts && mayBeAsked(policy.of(agreed.privacy()));
        };
    }

    private boolean mayBeAsked(PrivacyClass privacy) {
        return switch (privacy) {
            case OPEN -> true;
            case REDACTED -> !backend.settings().privacy().passThrough();
            case ON_DEVICE -> false;
        };
    }

    /// Without a frontier nothing may leave the device, and that was said before; this is for the reader.
    static PassThrough required(Optional<PassThrough> frontier) throws ApiFailure {
        return frontier.orElseThrow(() -> ApiFailure.refused(
                403, "stays_on_device", "Only a frontier could answer this, and the settings name none."));
    }

    private Optional<String> authorization(Exchange exchange) {
        return Guard.appsKey(exchange.request(), backend.settings().http().token());
    }

    private void respond(Exchange exchange, TextCall call, Answer answer, StreamRelay relay) {
        if (relay.begun()) {
            relay.end(answer);
        } else if (answer.details().reply().isPresent()) {
            exchange.respond(answer, answer.details().reply().get());
        } else if (answer.failure().isPresent()) {
            exchange.fail(unanswered(answer.failure().get()));
        } else {
            label(exchange, call, answer);
        }
    }

    static ApiFailure unanswered(String failure) {
        if (failure.contains(":redacted_stream")) {
            return ApiFailure.refused(
                    403,
                    "not_redactable",
                    "Something in it was redacted, and a streamed answer would call tools with placeholders. Ask"
                            + " without stream, or set privacy.pass-through: true, or privacy.class: open.");
        }
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
}
