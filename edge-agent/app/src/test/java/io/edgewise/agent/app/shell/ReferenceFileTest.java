// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.agent.EdgeAgent;
import io.edgewise.agent.app.config.ConfigFailure;
import io.edgewise.agent.app.config.Settings;
import io.edgewise.agent.app.config.SettingsReader;
import io.edgewise.agent.app.shell.Doctor.Finding;
import io.edgewise.contracts.Signing;
import io.edgewise.contracts.v1.ReferenceSet;
import io.edgewise.testkit.OrdersServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReferenceFileTest {
    @TempDir
    private Path folder = Path.of("");

    private OrdersServer ingest;

    @BeforeEach
    void start() throws Exception {
        ingest = new OrdersServer();
    }

    @AfterEach
    void stop() {
        ingest.close();
    }

    private Settings settings() throws ConfigFailure, IOException {
        String yaml = """
                device: kiosk-17
                folder: data
                http: {port: 0}
                workload: {name: voice-ivr-intent, labels-file: %s/data/clinc150/labels.json}
                frontier: {url: "http://127.0.0.1:1", model: gpt-x}
                edge: {models: %s/models, builds: [%s], reference: golden.reference}
                server: {url: "%s", token: t, feedback-key: "00", signing-key: %s}
                """.formatted(Scene.HOME, Scene.HOME, Scene.BUILD, ingest.url(), ingest.writeKey(folder));
        return SettingsReader.read("test", yaml, Map.of(), folder);
    }

    private static byte[] set(String workload) {
        return set(workload, "play_music");
    }

    private static byte[] set(String workload, String truth) {
        return ReferenceSet.newBuilder()
                .setTenant("default")
                .setWorkload(workload)
                .setName("golden")
                .setVersion(4)
                .addExamples(ReferenceSet.Example.newBuilder()
                        .setItem("1")
                        .setText("play some jazz")
                        .setTruthLabel(truth))
                .build()
                .toByteArray();
    }

    private void lies(byte[] bytes) throws IOException {
        Files.write(folder.resolve("golden.reference"), bytes);
    }

    private Finding told() throws Exception {
        return new Doctor(settings())
                .look().stream()
                        .filter(finding -> finding.what().equals("reference set"))
                        .findFirst()
                        .orElseThrow();
    }

    @Test
    void aSignedSetOfThisWorkloadIsTaken() throws Exception {
        lies(ingest.sign(Signing.REFERENCE, set("voice-ivr-intent")).toByteArray());

        assertThat(refusals()).isEmpty();

        assertThat(told().state()).isEqualTo(Doctor.State.OK);
        assertThat(told().how()).isEqualTo("golden, version 4: 1 examples of voice-ivr-intent");
    }

    @Test
    void whatMayNotBeBelievedIsToldAndTheDeviceServesWithoutIt() throws Exception {
        lies(new byte[] {9, 9, 9});
        refused("is no signed reference set; make it with: edgewise reference");

        lies(ingest.sign(Signing.REFERENCE, set("another")).toByteArray());
        refused("reference set golden is of default/another, not of default/voice-ivr-intent");

        lies(ingest.sign(Signing.REFERENCE, set("voice-ivr-intent", "sing_along"))
                .toByteArray());
        refused("\"sing_along\", which is no label of the workload");

        lies(ingest.sign(Signing.BUILD, set("voice-ivr-intent")).toByteArray());
        refused("is not signed for \"edgewise/reference/1\" by a key that counts");
    }

    private void refused(String why) throws Exception {
        assertThat(refusals())
                .singleElement()
                .asString()
                .contains("edge.reference: ")
                .contains(why);
        assertThat(told().state()).isEqualTo(Doctor.State.FAIL);
        assertThat(told().how()).contains(why);
        assertThat(told().act()).contains("edgewise reference");
    }

    /// What an agent says at its start of the set that it was given.
    private List<String> refusals() throws Exception {
        List<String> said = new CopyOnWriteArrayList<>();
        Logger logger = Logger.getLogger(EdgeAgent.class.getName());
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                String text = new SimpleFormatter().formatMessage(record);
                if (text.startsWith("reference-refused")) {
                    said.add(text);
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        logger.addHandler(handler);
        try {
            Backend.open(settings()).close();
        } finally {
            logger.removeHandler(handler);
        }
        return said;
    }
}
