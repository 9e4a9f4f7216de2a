// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import io.edgewise.agent.EdgeModel;
import io.edgewise.agent.FrontierAnswer;
import io.edgewise.agent.FrontierClient;
import io.edgewise.agent.FrontierFailure;
import io.edgewise.agent.ModelAnswer;
import io.edgewise.agent.frontier.OpenAiFrontier;
import io.edgewise.agent.frontier.OpenAiSettings;
import io.edgewise.cli.table.BadInput;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;

/// A model behind a server. Its label is the text that it answers; it has no confidence.
final class ApiModel implements EdgeModel {
    private final String name;
    private final FrontierClient client;

    private ApiModel(String name, FrontierClient client) {
        this.name = name;
        this.client = client;
    }

    /// No answer to one request: a code that can be counted, and what happened.
    static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final String code;

        Failure(FrontierFailure cause) {
            super(cause.getMessage(), cause);
            this.code = cause.code();
        }

        String code() {
            return code;
        }
    }

    /// What all servers of a run share.
    record Terms(HttpClient http, String prompt, Duration timeout, LongSupplier clock) {}

    static ApiModel of(ModelOptions.Choice.Server server, Optional<String> key, Terms terms) {
        if (key.isPresent() && !isSafe(server.base())) {
            throw new BadInput(server.base() + " would get the key in plain sight: use https, or unset"
                    + " EDGEWISE_FRONTIER_KEY.");
        }
        OpenAiSettings settings = new OpenAiSettings(
                String.valueOf(server.base().getHost()),
                server.base(),
                server.model(),
                key,
                terms.prompt(),
                terms.timeout());
        return new ApiModel(server.model(), new OpenAiFrontier(settings, terms.http(), terms.clock()));
    }

    private static boolean isSafe(URI base) {
        try {
            return "https".equals(base.getScheme())
                    || InetAddress.getByName(base.getHost()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    @Override
    public ModelAnswer infer(String text) {
        try {
            FrontierAnswer answer = client.ask(text);
            return new ModelAnswer(
                    answer.label().strip(), OptionalDouble.empty(), OptionalDouble.empty(), List.of(), answer.spoken());
        } catch (FrontierFailure e) {
            throw new Failure(e);
        }
    }

    @Override
    public String build() {
        return name;
    }

    @Override
    public String artifactSha256() {
        return "";
    }

    @Override
    public String runtime() {
        return "openai-compatible";
    }

    @Override
    public String runtimeVersion() {
        return "";
    }

    @Override
    public String executionProvider() {
        return "";
    }

    /// The server is not ours to stop.
    @Override
    public void close() {}
}
