// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import io.edgewise.agent.ConfidenceSource;
import io.edgewise.agent.EdgeModel;
import io.edgewise.agent.Scorer;
import io.edgewise.agent.app.config.Settings;
import io.edgewise.agent.frontier.OpenAiSettings;
import io.edgewise.agent.onnx.ModelManifest;
import io.edgewise.agent.onnx.OnnxClassifier;
import io.edgewise.agent.openai.LocalModel;
import io.edgewise.agent.openai.LocalRuntime;
import io.edgewise.agent.openai.OpenAiEndpoint;
import io.edgewise.agent.openai.OpenAiFailure;
import io.edgewise.agent.openai.OpenAiRuntime;
import java.io.IOException;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;

/// The models that the settings name, ready to answer.
final class Models {
    private static final System.Logger LOG = System.getLogger(Models.class.getName());

    private Models() {}

    /// A build of which no file is made for the runtime that is here now is left out: the champion answers.
    static List<EdgeModel> load(Settings settings, HttpClient http, Teller teller) throws IOException {
        List<EdgeModel> models = new ArrayList<>();
        try {
            for (String build : settings.edge().builds()) {
                try {
                    ModelManifest manifest = ModelManifest.load(
                            settings.edge().models().orElseThrow(),
                            build,
                            why -> teller.tell("artifact-passed-over", why));
                    models.add(OnnxClassifier.open(manifest, settings.workload().labels()));
                } catch (ModelManifest.Unfit e) {
                    teller.tell("build-refused", "runtime: " + e.getMessage());
                }
            }
            if (settings.edge().server().isPresent()) {
                models.add(local(settings, settings.edge().server().get(), http));
            }
            return models;
        } catch (IOException | RuntimeException e) {
            models.forEach(EdgeModel::close);
            throw e;
        }
    }

    /// A build whose labels its manifest lists.
    static Scorer router(Settings.InstalledRouter router) throws IOException {
        ModelManifest manifest = ModelManifest.load(router.models(), router.build());
        if (!manifest.names().contains(Scorer.EDGE)) {
            throw new IOException("build " + router.build() + " in " + router.models() + " has the labels "
                    + manifest.names() + "; a router's are \"edge\" and \"frontier\", listed in models.json");
        }
        return new Scorer(OnnxClassifier.open(manifest, manifest.names()), manifest.version());
    }

    static OpenAiRuntime runtime(Settings.LocalServer server, HttpClient http) {
        return new OpenAiRuntime(
                new OpenAiEndpoint(
                        new OpenAiEndpoint.Place("local server of " + server.build(), server.url(), server.timeout()),
                        http,
                        System::nanoTime),
                server.model(),
                server.key().map(key -> "Bearer " + key),
                new LocalRuntime.Capabilities(
                        server.confidence() != ConfidenceSource.NONE, server.embeddings(), server.tools()));
    }

    /// A server that is not up yet does not keep the agent from starting: the frontier answers until it is.
    private static LocalModel local(Settings settings, Settings.LocalServer server, HttpClient http) {
        OpenAiRuntime runtime = runtime(server, http);
        LocalRuntime.Probe probe;
        try {
            probe = runtime.probe();
            if (!probe.hasModel()) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "the local server at {0} does not list a model {1}; load it there, or correct"
                                + " edge.server.model",
                        server.url(),
                        server.model());
            }
        } catch (OpenAiFailure e) {
            LOG.log(System.Logger.Level.WARNING, "the local server does not answer yet: {0}", e.getMessage());
            probe = new LocalRuntime.Probe("openai-compatible", "", false);
        }
        return new LocalModel(
                runtime,
                probe,
                new LocalModel.Settings(
                        server.build(),
                        server.model(),
                        server.sha256(),
                        OpenAiSettings.instruction(settings.workload()),
                        server.confidence()));
    }
}
