// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.edgewise.agent.Chat;
import io.edgewise.agent.ConfidenceSource;
import io.edgewise.agent.EdgeModel;
import io.edgewise.agent.FrontierFailure;
import io.edgewise.agent.ModelAnswer;
import io.edgewise.agent.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeoutException;

/// A build that a local server runs. Asked in the app's own words with the server's name of the model, else with the
/// text under the workload's prompt. Its confidence comes from where it is declared to come from, or there is none.
public final class LocalModel implements EdgeModel {
    private static final String CHAT = "/v1/chat/completions";

    private final LocalRuntime runtime;
    private final LocalRuntime.Probe probe;
    private final Settings settings;

    /// The build and how its server calls it; the digest of what the server loaded, as configured; the
    /// prompt for texts without a chat, empty for none.
    public record Settings(
            String build, String model, String artifactSha256, String prompt, ConfidenceSource confidence) {
        public Settings {
            if (confidence == ConfidenceSource.CLASS_PROBABILITIES) {
                throw new IllegalArgumentException("build " + build
                        + ": a server that generates text has no class probabilities; declare label-logprobs,"
                        + " mean-logprob or none");
            }
        }
    }

    public LocalModel(LocalRuntime runtime, LocalRuntime.Probe probe, Settings settings) {
        this.runtime = runtime;
        this.probe = probe;
        this.settings = settings;
        if (settings.confidence() != ConfidenceSource.NONE
                && !runtime.capabilities().logprobs()) {
            throw new IllegalArgumentException("build " + settings.build() + " declares its confidence as \""
                    + settings.confidence().word() + "\", but its server gives no log-probabilities; declare none");
        }
    }

    @Override
    public ModelAnswer infer(String text) {
        return infer(question(text));
    }

    @Override
    public ModelAnswer infer(Request request) {
        return infer(question(request));
    }

    private ModelAnswer infer(OpenAiEndpoint.Question question) {
        try {
            return ask(question);
        } catch (OpenAiFailure e) {
            throw failed(e);
        }
    }

    @Override
    public boolean endsInTime() {
        return true;
    }

    @Override
    public ModelAnswer infer(Request request, Duration limit) throws TimeoutException {
        try {
            return ask(question(request).within(limit));
        } catch (OpenAiFailure e) {
            if (e.code().equals(FrontierFailure.TIMEOUT)) {
                throw new TimeoutException(e.getMessage());
            }
            throw failed(e);
        }
    }

    private IllegalStateException failed(OpenAiFailure cause) {
        return new IllegalStateException("build " + settings.build() + " failed: " + cause.getMessage(), cause);
    }

    private OpenAiEndpoint.Question question(String text) {
        ObjectNode body = CompletionReader.JSON.createObjectNode();
        var messages = body.putArray("messages");
        if (!settings.prompt().isEmpty()) {
            messages.addObject().put("role", "system").put("content", settings.prompt());
        }
        messages.addObject().put("role", "user").put("content", text);
        body.put("temperature", 0);
        return new OpenAiEndpoint.Question(CHAT, bytes(named(body, true)), false, Optional.empty(), Optional.empty());
    }

    private OpenAiEndpoint.Question question(Request request) {
        if (request.chat().isEmpty()) {
            return question(request.text());
        }
        Chat chat = request.chat().get();
        return new OpenAiEndpoint.Question(
                chat.path(),
                bytes(named(object(chat.body()), chat.path().equals(CHAT))),
                chat.isStream(),
                Optional.empty(),
                chat.relay());
    }

    /// With the server's name of the model, and with log-probabilities where the confidence needs them.
    private ObjectNode named(ObjectNode body, boolean isChat) {
        body.put("model", settings.model());
        if (settings.confidence() != ConfidenceSource.NONE && isChat) {
            body.put("logprobs", true);
        } else if (settings.confidence() != ConfidenceSource.NONE && !body.has("logprobs")) {
            body.put("logprobs", 0);
        }
        return body;
    }

    private ObjectNode object(byte[] body) {
        try {
            JsonNode read = CompletionReader.JSON.readTree(body);
            if (read instanceof ObjectNode object) {
                return object;
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("the chat for build " + settings.build() + " is not JSON", e);
        }
        throw new IllegalArgumentException("the chat for build " + settings.build() + " is not a JSON object");
    }

    private static byte[] bytes(ObjectNode body) {
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }

    private ModelAnswer ask(OpenAiEndpoint.Question question) throws OpenAiFailure {
        Completion completion = runtime.chat(question).completion();
        return new ModelAnswer(
                completion.text(),
                confidence(completion.logprobs()),
                OptionalDouble.empty(),
                List.of(),
                completion.spoken());
    }

    /// The probability of all tokens together, or their geometric mean.
    OptionalDouble confidence(List<Double> logprobs) {
        double sum = 0;
        for (double each : logprobs) {
            if (!(each <= 0)) {
                return OptionalDouble.empty();
            }
            sum += each;
        }
        if (logprobs.isEmpty()) {
            return OptionalDouble.empty();
        }
        return switch (settings.confidence()) {
            case LABEL_LOGPROBS -> OptionalDouble.of(StrictMath.exp(sum));
            case MEAN_LOGPROB -> OptionalDouble.of(StrictMath.exp(sum / logprobs.size()));
            case CLASS_PROBABILITIES, NONE -> OptionalDouble.empty();
        };
    }

    @Override
    public ConfidenceSource confidenceSource() {
        return settings.confidence();
    }

    @Override
    public boolean callsTools() {
        return runtime.capabilities().tools();
    }

    @Override
    public String build() {
        return settings.build();
    }

    @Override
    public String artifactSha256() {
        return settings.artifactSha256();
    }

    @Override
    public String runtime() {
        return probe.kind();
    }

    @Override
    public String runtimeVersion() {
        return probe.version();
    }

    @Override
    public String executionProvider() {
        return "";
    }

    /// The server is not ours to stop.
    @Override
    public void close() {}
}
