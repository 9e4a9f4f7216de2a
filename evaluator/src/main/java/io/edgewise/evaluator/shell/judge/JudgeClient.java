// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell.judge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.edgewise.evaluator.judge.Choice;
import io.edgewise.evaluator.judge.Disagreement.Case;
import io.edgewise.evaluator.judge.Prompt;
import io.edgewise.runtime.http.Post;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLSocketFactory;

/// Asks a judge model over `POST /v1/chat/completions`, and takes nothing for an answer that is not exactly one.
final class JudgeClient {
    static final int MOST_ANSWER_BYTES = 256 * 1024;

    private static final int LONGEST_NAME = 128;
    private static final long MOST_TOKENS = 100_000_000;
    /// What servers put around messages.
    private static final int FRAME_TOKENS = 64;

    /// These say nothing about the question: it is asked again later.
    private static final Set<Integer> LATER = Set.of(401, 402, 403, 404, 407, 408, 409, 425, 429);

    private final JudgeSettings settings;
    private final Post post;

    JudgeClient(JudgeSettings settings, SSLSocketFactory tls) {
        this.settings = settings;
        this.post = new Post(tls, settings.limits().timeout(), MOST_ANSWER_BYTES);
    }

    /// The most that a question about this may take: no token is shorter than a byte.
    Reply.Usage most(Case.Open open) {
        return new Reply.Usage(
                body(open, true).getBytes(StandardCharsets.UTF_8).length + FRAME_TOKENS,
                settings.limits().maxTokens());
    }

    Reply ask(Case.Open open, boolean championFirst) {
        byte[] body = body(open, championFirst).getBytes(StandardCharsets.UTF_8);
        Reply.Usage most = most(open);
        Map<String, String> headers =
                settings.key().isEmpty() ? Map.of() : Map.of("Authorization", "Bearer " + settings.key());
        return switch (post.send(settings.target(), headers, body)) {
            case Post.Answer.Failed failed ->
                new Reply.Trouble(failed.why(), failed.sent(), failed.sent() ? most : Reply.Usage.NONE);
            case Post.Answer.Status status -> reply(status, most);
        };
    }

    private String body(Case.Open open, boolean championFirst) {
        Prompt prompt = settings.prompt(open.workload());
        String question = Json.write(Json.object()
                .put("workload", open.workload())
                .put("request", open.request())
                .put("answer_1", championFirst ? open.champion() : open.challenger())
                .put("answer_2", championFirst ? open.challenger() : open.champion()));
        ObjectNode body = Json.object()
                .put("model", settings.model())
                .put("temperature", 0)
                .put("max_tokens", settings.limits().maxTokens())
                .put("stream", false);
        ArrayNode messages = body.putArray("messages");
        messages.addObject().put("role", "system").put("content", prompt.text());
        messages.addObject().put("role", "user").put("content", question);
        return Json.write(body);
    }

    private static Reply reply(Post.Answer.Status status, Reply.Usage most) {
        int code = status.code();
        if (code >= 500 || LATER.contains(code) || code >= 300 && code < 400) {
            return new Reply.Trouble("HTTP " + code, code >= 500, Reply.Usage.NONE);
        }
        if (code != 200) {
            return new Reply.NoChoice("the judge refuses the question: HTTP " + code, Reply.Usage.NONE);
        }
        Optional<JsonNode> answer = Json.object(status.body());
        return answer.isEmpty()
                ? new Reply.NoChoice("the judge's answer is not a JSON object", most)
                : reply(answer.get(), usage(answer.get(), most));
    }

    private static Reply reply(JsonNode answer, Reply.Usage usage) {
        JsonNode choices = answer.path("choices");
        if (!choices.isArray() || choices.size() != 1) {
            return new Reply.NoChoice("the judge's answer has not one choice", usage);
        }
        if (choices.path(0).path("finish_reason").asText("").equals("length")) {
            return new Reply.NoChoice("the judge's answer was cut at max-tokens", usage);
        }
        JsonNode content = choices.path(0).path("message").path("content");
        if (!content.isTextual()) {
            return new Reply.NoChoice("the judge's answer has no text", usage);
        }
        Optional<JsonNode> verdict = Json.object(bare(content.asText()));
        if (verdict.isEmpty()) {
            return new Reply.NoChoice("the judge did not answer with a JSON object alone", usage);
        }
        JsonNode word = verdict.get().path("verdict");
        Optional<Choice> choice = word.isTextual() ? Choice.of(word.asText()) : Optional.empty();
        return choice.isEmpty()
                ? new Reply.NoChoice("the judge's verdict is none of 1, 2, tie, both-wrong", usage)
                : new Reply.Said(choice.get(), version(answer), usage);
    }

    /// Models put JSON into a fence of Markdown, even when told not to.
    private static String bare(String content) {
        String text = content.strip();
        if (text.startsWith("```") && text.endsWith("```") && text.indexOf('\n') > 0) {
            return text.substring(text.indexOf('\n'), text.length() - "```".length());
        }
        return text;
    }

    private static String version(JsonNode answer) {
        String model = clean(answer.path("model").asText(""));
        String fingerprint = clean(answer.path("system_fingerprint").asText(""));
        return fingerprint.isEmpty() ? model : model + '@' + fingerprint;
    }

    private static String clean(String said) {
        StringBuilder clean = new StringBuilder();
        said.chars().filter(c -> c > ' ' && c < 0x7f).limit(LONGEST_NAME).forEach(c -> clean.append((char) c));
        return clean.toString();
    }

    private static Reply.Usage usage(JsonNode answer, Reply.Usage most) {
        JsonNode in = answer.path("usage").path("prompt_tokens");
        JsonNode out = answer.path("usage").path("completion_tokens");
        return new Reply.Usage(tokens(in, most.tokensIn()), tokens(out, most.tokensOut()));
    }

    private static long tokens(JsonNode stated, long most) {
        boolean isNumber = stated.isIntegralNumber() && stated.asLong() >= 0 && stated.asLong() <= MOST_TOKENS;
        return isNumber ? stated.asLong() : most;
    }
}
