// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.openai;

import java.util.OptionalDouble;

/// A server on this machine that generates text: what the agent must know of it, and how it is asked. The differences
/// between servers end here.
public interface LocalRuntime {
    /// Which server it is, and whether it has the model. Asks the server.
    Probe probe() throws OpenAiFailure;

    /// What it can do, as found by the last probe or as configured.
    Capabilities capabilities();

    /// One chat; the timings are what the server says of itself, else empty.
    Spoke chat(OpenAiEndpoint.Question question) throws OpenAiFailure;

    /// `kind` is "llama.cpp", "ollama", "vllm", "mlx" or "openai-compatible"; the version is empty where it tells none.
    record Probe(String kind, String version, boolean hasModel) {}

    record Capabilities(boolean logprobs, boolean embeddings, boolean tools) {}

    /// Tokens per second of the prompt and of the answer.
    record Timings(OptionalDouble prefill, OptionalDouble decode) {
        static final Timings UNKNOWN = new Timings(OptionalDouble.empty(), OptionalDouble.empty());
    }

    record Spoke(Completion completion, Timings timings) {}
}
