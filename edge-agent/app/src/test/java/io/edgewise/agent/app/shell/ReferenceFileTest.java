// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.Map;
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
        return ReferenceSet.newBuilder()
                .setTenant("default")
                .setWorkload(workload)
                .setName("golden")
                .setVersion(4)
                .addExamples(ReferenceSet.Example.newBuilder()
                        .setItem("1")
                        .setText("play some jazz")
                        .setTruthLabel("play_music"))
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

        Backend.open(settings()).close();

        assertThat(told().state()).isEqualTo(Doctor.State.OK);
        assertThat(told().how()).isEqualTo("golden, version 4: 1 examples of voice-ivr-intent");
    }

    @Test
    void whatMayNotBeBelievedIsRefusedAtTheStartAndByTheDoctor() throws Exception {
        lies(new byte[] {9, 9, 9});
        refused("is no signed reference set; make it with: edgewise reference");

        lies(ingest.sign(Signing.REFERENCE, set("another")).toByteArray());
        refused("reference set golden is of default/another, not of default/voice-ivr-intent");

        lies(ingest.sign(Signing.BUILD, set("voice-ivr-intent")).toByteArray());
        refused("is not signed for \"edgewise/reference/1\" by a key that counts");
    }

    private void refused(String why) throws Exception {
        Settings settings = settings();
        assertThatThrownBy(() -> Backend.open(settings))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("edge.reference: ")
                .hasMessageContaining(why);
        assertThat(told().state()).isEqualTo(Doctor.State.FAIL);
        assertThat(told().how()).contains(why);
        assertThat(told().act()).contains("edgewise reference");
    }
}
