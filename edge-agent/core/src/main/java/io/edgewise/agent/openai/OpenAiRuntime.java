// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.openai;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgewise.agent.FrontierFailure;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalDouble;

/// Any local server that speaks the OpenAI API. What kind it is shows in what it answers besides: `/props` of
/// llama.cpp,
/// `/api/version` of Ollama, the owner in `/v1/models` of vLLM.
public final class OpenAiRuntime implements LocalRuntime {
    private final OpenAiEndpoint endpoint;
    private final String model;
    private final Optional<String> authorization;
    private final Capabilities capabilities;

    public OpenAiRuntime(
            OpenAiEndpoint endpoint, String model, Optional<String> authorization, Capabilities capabilities) {
        this.endpoint = endpoint;
        this.model = model;
        this.authorization = authorization;
        this.capabilities = capabilities;
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public Probe probe() throws OpenAiFailure {
        JsonNode models = json(endpoint.get("/v1/models", authorization)).path("data");
        boolean hasModel = false;
        String owner = "";
        for (JsonNode entry : models) {
            hasModel |= entry.path("id").asText().equals(model);
            owner = owner.isEmpty() ? entry.path("owned_by").asText("") : owner;
        }
        JsonNode props = optional("/props");
        if (props.has("build_info") || props.has("default_generation_settings")) {
            return new Probe("llama.cpp", props.path("build_info").asText(""), hasModel);
        }
        JsonNode version = optional("/api/version");
        if (version.has("version")) {
            return new Probe("ollama", version.path("version").asText(""), hasModel);
        }
        return switch (owner) {
            case "vllm" ->
                new Probe("vllm", optional("/version").path("version").asText(""), hasModel);
            case "llamacpp" -> new Probe("llama.cpp", "", hasModel);
            default -> new Probe("openai-compatible", "", hasModel);
        };
    }

    private JsonNode optional(String path) {
        try {
            return json(endpoint.get(path, authorization));
        } catch (OpenAiFailure e) {
            return CompletionReader.JSON.missingNode();
        }
    }

    private static JsonNode json(byte[] body) throws OpenAiFailure {
        try {
            return CompletionReader.JSON.readTree(body);
        } catch (IOException e) {
            throw new OpenAiFailure(FrontierFailure.MALFORMED, "the server answered 200 with what is not JSON", e);
        }
    }

    @Override
    public Spoke chat(OpenAiEndpoint.Question question) throws OpenAiFailure {
        Completion completion = endpoint.ask(question.with(authorization));
        return new Spoke(
                completion,
                completion.reply().map(reply -> timings(reply.body())).orElse(Timings.UNKNOWN));
    }

    /// llama.cpp says how fast it was.
    private static Timings timings(byte[] body) {
        try {
            JsonNode timings = CompletionReader.JSON.readTree(body).path("timings");
            return new Timings(rate(timings.path("prompt_per_second")), rate(timings.path("predicted_per_second")));
        } catch (IOException e) {
            return Timings.UNKNOWN;
        }
    }

    private static OptionalDouble rate(JsonNode value) {
        return value.isNumber() && value.doubleValue() > 0 && Double.isFinite(value.doubleValue())
                ? OptionalDouble.of(value.doubleValue())
                : OptionalDouble.empty();
    }
}
