// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import io.edgewise.agent.Answer;
import io.edgewise.agent.EdgeModel;
import io.edgewise.agent.Request;
import io.edgewise.agent.Terms;
import io.edgewise.agent.app.api.ApiFailure;
import io.edgewise.agent.app.api.InferCall;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// The Open Inference Protocol: the workload's name is routed by the agent, a build's name is that build alone.
final class InferHandler {
    private static final String MODELS = "/v2/models/";

    private final Backend backend;
    private final RecentTokens tokens;
    private final AppTerms terms;

    InferHandler(Backend backend, RecentTokens tokens) {
        this.backend = backend;
        this.tokens = tokens;
        this.terms = new AppTerms(backend.settings());
    }

    /// What a path below `/v2/models/` asks of a model.
    record Target(String model, String act) {}

    /// `{model}[/versions/{version}][/ready|/infer]`
    static Target target(String path) throws ApiFailure {
        String[] parts = path.substring(MODELS.length()).split("/", -1);
        boolean hasVersion = parts.length >= 3 && parts[1].equals("versions");
        int at = hasVersion ? 3 : 1;
        String act = parts.length > at ? parts[at] : "";
        if (parts[0].isEmpty() || parts.length > at + 1 || parts.length > at && act.isEmpty()) {
            throw ApiFailure.refused(404, "unknown_url", "There is nothing at " + path + ".");
        }
        return new Target(parts[0], act);
    }

    byte[] describe(Target target) throws ApiFailure {
        requireModel(target.model());
        return switch (target.act()) {
            case "" -> {
                Optional<EdgeModel> build = backend.build(target.model());
                yield InferCall.metadata(
                        target.model(),
                        version(),
                        build.map(InferHandler::platform).orElse("edgewise"));
            }
            case "ready" -> ("{\"name\":\"" + target.model() + "\",\"ready\":true}").getBytes(StandardCharsets.UTF_8);
            default ->
                throw ApiFailure.refused(
                        404, "unknown_url", "A model has \"ready\" and, by POST, \"infer\"; not this.");
        };
    }

    private static String platform(EdgeModel model) {
        return (model.runtime() + " " + model.runtimeVersion()).strip();
    }

    private String version() {
        return Integer.toString(backend.settings().workload().version());
    }

    private void requireModel(String name) throws ApiFailure {
        if (!name.equals(backend.settings().workload().name())
                && backend.build(name).isEmpty()) {
            throw ApiFailure.refused(
                    404,
                    "model_not_found",
                    "There is no such model; this agent has "
                            + backend.settings().workload().name() + " and the builds "
                            + backend.builds().keySet() + ".");
        }
    }

    /// On a thread that may wait. Returns the arm of the last answer.
    String infer(Exchange exchange, Target target, byte[] body) throws ApiFailure {
        requireModel(target.model());
        if (exchange.header("Inference-Header-Content-Length") != null) {
            throw ApiFailure.refused(
                    400, "no_binary", "Binary tensors are not supported; send the texts as JSON in inputs[0].data.");
        }
        InferCall call = InferCall.read(body);
        Terms agreed = terms.of(exchange, call.consent());
        String unit = terms.unit(exchange, call.unit());
        Map<String, Double> features = AppTerms.features(exchange);
        List<Answer> answers = new ArrayList<>();
        for (String text : call.texts()) {
            Answer answer = answer(target, new Request(unit, text, agreed, Optional.empty(), features), told -> {
                if (told.failure().isPresent()) {
                    return;
                }
                tokens.remember(told.observationId(), told.feedbackToken());
                answers.add(told);
                if (answers.size() == call.texts().size()) {
                    exchange.respond(told, 200, Exchange.JSON, call.answer(target.model(), version(), answers));
                }
            });
            if (answer.failure().isPresent()) {
                throw TextHandler.unanswered(
                        "element " + answers.size() + ": " + answer.failure().get());
            }
        }
        return backend.build(target.model()).isPresent()
                ? "build"
                : Exchange.arm(answers.getLast().servedBy());
    }

    private Answer answer(Target target, Request request, Consumer<Answer> told) {
        Optional<EdgeModel> build = backend.build(target.model());
        if (build.isEmpty()) {
            return backend.agent().serve(request, told);
        }
        Answer answer = backend.alone(build.get(), request);
        told.accept(answer);
        return answer;
    }
}
