// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.edgewise.agent.Answer;
import io.edgewise.agent.ModelAnswer;
import io.edgewise.agent.features.Tokens;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A classifier's answer in the words of the OpenAI API: the label is the content, one token whose log-probability is
/// the label's. Tokens are counted as the features count them.
public final class LabelAnswer {
    private final TextCall call;
    private final Answer answer;
    private final String id;
    private final long createdSeconds;

    public LabelAnswer(TextCall call, Answer answer, String id, long createdSeconds) {
        this.call = call;
        this.answer = answer;
        this.id = (call.isChat() ? "chatcmpl-" : "cmpl-") + id;
        this.createdSeconds = createdSeconds;
    }

    public byte[] whole() {
        ObjectNode whole = head(call.isChat() ? "chat.completion" : "text_completion");
        ObjectNode choice = whole.putArray("choices").addObject().put("index", 0);
        if (call.isChat()) {
            choice.putObject("message")
                    .put("role", "assistant")
                    .put("content", answer.label())
                    .putNull("refusal");
        } else {
            choice.put("text", answer.label());
        }
        logprobs(choice);
        choice.put("finish_reason", "stop");
        usage(whole);
        return bytes(whole);
    }

    /// The events of a stream, the last one included.
    public byte[] events() {
        List<ObjectNode> events = new ArrayList<>();
        String object = call.isChat() ? "chat.completion.chunk" : "text_completion";
        if (call.isChat()) {
            ObjectNode first = head(object);
            delta(first).put("role", "assistant").put("content", "");
            events.add(first);
            ObjectNode content = head(object);
            ObjectNode delta = delta(content);
            delta.put("content", answer.label());
            logprobs((ObjectNode) content.path("choices").path(0));
            events.add(content);
            ObjectNode last = head(object);
            delta(last);
            ((ObjectNode) last.path("choices").path(0)).put("finish_reason", "stop");
            events.add(last);
        } else {
            ObjectNode only = head(object);
            ObjectNode choice =
                    only.putArray("choices").addObject().put("index", 0).put("text", answer.label());
            logprobs(choice);
            choice.put("finish_reason", "stop");
            events.add(only);
        }
        if (call.wantsUsage()) {
            ObjectNode usage = head(object);
            usage.putArray("choices");
            usage(usage);
            events.add(usage);
        }
        StringBuilder text = new StringBuilder();
        events.forEach(event -> text.append("data: ").append(event).append("\n\n"));
        return text.append("data: [DONE]\n\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private ObjectNode head(String object) {
        return StrictJson.JSON
                .createObjectNode()
                .put("id", id)
                .put("object", object)
                .put("created", createdSeconds)
                .put("model", answer.details().who());
    }

    private static ObjectNode delta(ObjectNode event) {
        return event.putArray("choices")
                .addObject()
                .put("index", 0)
                .putNull("finish_reason")
                .putObject("delta");
    }

    private void logprobs(ObjectNode choice) {
        if (call.topLogprobs() == TextCall.NO_LOGPROBS || answer.confidence().isEmpty()) {
            choice.putNull("logprobs");
            return;
        }
        double own = StrictMath.log(answer.confidence().getAsDouble());
        List<ModelAnswer.Candidate> top = answer.details()
                .top()
                .subList(0, Math.min(call.topLogprobs(), answer.details().top().size()));
        if (call.isChat()) {
            ObjectNode token = choice.putObject("logprobs").putArray("content").addObject();
            token(token, answer.label(), own);
            ArrayNode others = token.putArray("top_logprobs");
            top.forEach(each -> token(others.addObject(), each.label(), StrictMath.log(each.probability())));
            return;
        }
        ObjectNode logprobs = choice.putObject("logprobs");
        logprobs.putArray("tokens").add(answer.label());
        logprobs.putArray("token_logprobs").add(finite(own));
        ObjectNode others = logprobs.putArray("top_logprobs").addObject();
        top.forEach(each -> others.put(each.label(), finite(StrictMath.log(each.probability()))));
        logprobs.putArray("text_offset").add(0);
    }

    private static void token(ObjectNode into, String token, double logprob) {
        into.put("token", token).put("logprob", finite(logprob));
        ArrayNode bytes = into.putArray("bytes");
        for (byte each : token.getBytes(StandardCharsets.UTF_8)) {
            bytes.add(Byte.toUnsignedInt(each));
        }
    }

    /// OpenAI's word for "very unlikely".
    private static double finite(double logprob) {
        return Math.max(logprob, -9999);
    }

    private void usage(ObjectNode into) {
        int tokens = Tokens.of(call.text()).size();
        into.putObject("usage")
                .put("prompt_tokens", tokens)
                .put("completion_tokens", 1)
                .put("total_tokens", tokens + 1);
    }

    private static byte[] bytes(ObjectNode node) {
        return node.toString().getBytes(StandardCharsets.UTF_8);
    }
}
