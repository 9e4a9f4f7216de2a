// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.edgewise.agent.ModelAnswer;
import io.edgewise.agent.onnx.Labels;
import io.edgewise.agent.onnx.ModelManifest;
import io.edgewise.agent.onnx.OnnxClassifier;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/// The same model behind the same HTTP stack, without the agent: reads a chat, asks the model on a virtual thread,
/// writes
/// a completion. What an app developer would write in an afternoon.
final class BareServer {
    private static final ObjectMapper JSON = new ObjectMapper();

    private BareServer() {}

    /// Port, build, folder of the models, label file.
    public static void main(String[] arguments) throws Exception {
        Path models = Path.of(arguments[2]);
        OnnxClassifier model =
                OnnxClassifier.open(ModelManifest.load(models, arguments[1]), Labels.load(Path.of(arguments[3])));
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
        vertx.createHttpServer()
                .requestHandler(request -> request.bodyHandler(body -> answer(vertx, model, request, body)))
                .listen(Integer.parseInt(arguments[0]), "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get();
    }

    private static void answer(Vertx vertx, OnnxClassifier model, HttpServerRequest request, Buffer body) {
        Context context = vertx.getOrCreateContext();
        Thread.ofVirtual().start(() -> {
            Buffer answer = body.length() == 0 ? Buffer.buffer("{}") : complete(model, body.getBytes());
            context.runOnContext(_ -> request.response()
                    .putHeader("Content-Type", "application/json")
                    .end(answer));
        });
    }

    private static Buffer complete(OnnxClassifier model, byte[] body) {
        try {
            JsonNode messages = JSON.readTree(body).path("messages");
            ModelAnswer said = model.infer(
                    messages.path(messages.size() - 1).path("content").asText());
            ObjectNode answer = JSON.createObjectNode().put("object", "chat.completion");
            answer.put("model", model.build());
            answer.putArray("choices")
                    .addObject()
                    .put("index", 0)
                    .put("finish_reason", "stop")
                    .putObject("message")
                    .put("role", "assistant")
                    .put("content", said.label());
            return Buffer.buffer(answer.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
