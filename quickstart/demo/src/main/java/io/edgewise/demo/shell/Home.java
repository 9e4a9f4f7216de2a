// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo.shell;

import io.edgewise.agent.onnx.Labels;
import io.edgewise.agent.onnx.ModelManifest;
import io.edgewise.agent.onnx.OnnxClassifier;
import io.edgewise.demo.Utterance;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/// The project's folder, with the models, the utterances and the built server.
record Home(Path folder) {
    private static final String PROPERTY = "edgewise.home";
    private static final String MARK = "models/models.json";
    private static final int COLUMNS = 5;

    /// The folder that the launcher names, or the nearest one above the working folder that looks like it.
    static Home find() throws DemoFailure {
        String named = System.getProperty(PROPERTY, "");
        Path start = Path.of(named.isEmpty() ? "." : named).toAbsolutePath().normalize();
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.isRegularFile(folder.resolve(MARK))) {
                return new Home(folder);
            }
            if (!named.isEmpty()) {
                break;
            }
        }
        throw new DemoFailure("no Edgewise project in " + start + ": there is no " + MARK
                + "; start the demo with ./edgewise demo from the project's folder");
    }

    /// The packaged server, if it was built.
    Path serverJar() throws DemoFailure {
        Path jar = folder.resolve("server/target/quarkus-app/quarkus-run.jar");
        if (!Files.isRegularFile(jar)) {
            throw new DemoFailure("the server is not built: " + jar + " is missing; run ./edgewise build");
        }
        return jar;
    }

    List<String> labels() throws IOException {
        return Labels.load(folder.resolve("data/clinc150/labels.json"));
    }

    OnnxClassifier model(String build, List<String> labels) throws IOException {
        return OnnxClassifier.open(ModelManifest.load(folder.resolve("models"), build), labels);
    }

    /// What the demo's users say: 2,000 test utterances without drift.
    List<Utterance> utterances() throws IOException {
        Path file = folder.resolve("data/clinc150/scenarios/control.tsv.gz");
        List<Utterance> utterances = new ArrayList<>();
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            reader.readLine();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                String[] columns = line.split("\t", -1);
                if (columns.length != COLUMNS) {
                    throw new IOException(file + ": line " + (utterances.size() + 2) + " has " + columns.length
                            + " columns, expected " + COLUMNS);
                }
                utterances.add(new Utterance(columns[4], columns[3]));
            }
        }
        return List.copyOf(utterances);
    }
}
