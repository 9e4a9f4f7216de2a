// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.edgewise.agent.EdgeModel;
import io.edgewise.agent.ModelAnswer;
import io.edgewise.agent.Reply;
import io.edgewise.agent.openai.Completion;
import io.edgewise.agent.openai.OpenAiEndpoint;
import io.edgewise.agent.openai.OpenAiFailure;
import io.edgewise.cli.table.BadInput;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.LongSupplier;

/// A model behind a server. Its label is the text that it answers; it has no confidence.
final class ApiModel implements EdgeModel {
    private static final String CHAT = "/v1/chat/completions";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<Integer> NEVER_BETTER = Set.of(401, 403, 404, 405);
    private static final int LONGEST_MESSAGE = 200;

    private final Role role;
    private final ModelOptions.Choice.Server server;
    private final Optional<String> authorization;
    private final String prompt;
    private final OpenAiEndpoint endpoint;

    private ApiModel(Role role, ModelOptions.Choice.Server server, Optional<String> key, Terms terms) {
        this.role = role;
        this.server = server;
        this.authorization = key.map(value -> "Bearer " + value);
        this.prompt = terms.prompt();
        this.endpoint = new OpenAiEndpoint(
                new OpenAiEndpoint.Place(role.text, server.base(), terms.timeout()), terms.http(), terms.clock());
    }

    /// Whose answers these are. A model on the device is asked as the agent asks it.
    enum Role {
        EDGE("the edge model", "EDGEWISE_EDGE_KEY"),
        REFERENCE("the reference build", "EDGEWISE_EDGE_KEY"),
        FRONTIER("the frontier", "EDGEWISE_FRONTIER_KEY");

        private final String text;
        private final String key;

        Role(String text, String key) {
            this.text = text;
            this.key = key;
        }
    }

    /// No answer to one request: a code that can be counted, and what happened.
    static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final String code;
        private final boolean hopeless;

        Failure(OpenAiFailure cause) {
            super(cause.getMessage() + cause.reply().map(Failure::said).orElse(""), cause);
            this.code = cause.code();
            this.hopeless = code.equals("unreachable")
                    || cause.reply()
                            .map(reply -> NEVER_BETTER.contains(reply.status()))
                            .orElse(false);
        }

        String code() {
            return code;
        }

        /// Whether the next request would fail like it.
        boolean isHopeless() {
            return hopeless;
        }

        /// Whether the same request may be answered a little later.
        boolean mayPass() {
            return code.equals("rate_limited") || code.equals("http_5xx");
        }

        private static String said(Reply reply) {
            try {
                String message = JSON.readTree(reply.body())
                        .path("error")
                        .path("message")
                        .asText();
                String shown = message.replaceAll("\\p{Cntrl}", " ").strip();
                return shown.isEmpty()
                        ? ""
                        : ": "
                                + (shown.length() <= LONGEST_MESSAGE
                                        ? shown
                                        : shown.substring(0, LONGEST_MESSAGE) + "…");
            } catch (IOException e) {
                return "";
            }
        }
    }

    /// What all servers of a run share.
    record Terms(HttpClient http, String prompt, Duration timeout, LongSupplier clock) {}

    static ApiModel of(Role role, ModelOptions.Choice.Server server, Terms terms) {
        Optional<String> key =
                Optional.ofNullable(System.getenv(role.key)).map(String::strip).filter(given -> !given.isEmpty());
        key.ifPresent(given -> requireSafe(role, given, server.base()));
        return new ApiModel(role, server, key, terms);
    }

    /// Says nothing of the key itself.
    static void requireSafe(Role role, String key, URI base) {
        if (!key.matches("[\\x21-\\x7E]+")) {
            throw new BadInput(
                    role.key + " is no key: it holds white space or other characters that no header may have.");
        }
        if (!"https".equals(base.getScheme()) && !isHere(base)) {
            throw new BadInput(base + " would get the key in plain sight: use https, or unset " + role.key + ".");
        }
    }

    private static boolean isHere(URI base) {
        try {
            return InetAddress.getByName(base.getHost()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    @Override
    public ModelAnswer infer(String text) {
        ObjectNode body = JSON.createObjectNode().put("model", server.model());
        body.putArray("messages")
                .add(JSON.createObjectNode().put("role", "system").put("content", prompt))
                .add(JSON.createObjectNode().put("role", "user").put("content", text));
        if (role != Role.FRONTIER) {
            body.put("temperature", 0);
        }
        try {
            Completion completion = endpoint.ask(new OpenAiEndpoint.Question(
                    CHAT, body.toString().getBytes(StandardCharsets.UTF_8), false, authorization, Optional.empty()));
            return new ModelAnswer(
                    completion.text().strip(),
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    List.of(),
                    completion.spoken());
        } catch (OpenAiFailure e) {
            throw new Failure(e);
        }
    }

    boolean isFrontier() {
        return role == Role.FRONTIER;
    }

    @Override
    public String build() {
        return server.model();
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
