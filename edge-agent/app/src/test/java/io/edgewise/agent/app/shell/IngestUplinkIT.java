// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.agent.app.config.Settings;
import io.edgewise.agent.app.config.SettingsReader;
import io.edgewise.contracts.Topics;
import io.edgewise.contracts.v1.AgentStatus;
import io.edgewise.contracts.v1.Feedback;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.Thumb;
import io.edgewise.testkit.Await;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The sidecar's way to Edgewise over HTTPS, with everything real: the sidecar, the packaged server with the role
/// ingest, a broker, and a cable between them that is pulled out.
class IngestUplinkIT {
    @TempDir
    private static Path shared = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private static IngestProcess ingest;

    @TempDir
    private Path folder = Path.of("");

    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws IOException {
        ingest = IngestProcess.start(shared);
    }

    @AfterAll
    static void stop() {
        ingest.close();
    }

    private String yaml(String device, int port) throws IOException {
        return """
                device: %s
                folder: data
                http: {port: 0}
                workload: {name: voice-ivr-intent, labels-file: %s/data/clinc150/labels.json}
                privacy: {class: on-device}
                routing: {home: %s}
                edge: {models: %s/models, builds: [%s]}
                log: {level: error}
                """.formatted(device, Scene.HOME, Scene.BUILD, Scene.HOME, Scene.BUILD) + ingest.settings(device, port);
    }

    private Settings settings(String device, int port) throws Exception {
        return SettingsReader.read("test", yaml(device, port), Map.of(), folder);
    }

    private void ask(Sidecar sidecar, boolean isRated) throws Exception {
        HttpResponse<String> answer = post(
                sidecar,
                "/v1/chat/completions",
                "{\"model\": \"m\", \"messages\": [{\"role\": \"user\", \"content\": \"how do i change my oil\"}]}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        if (isRated) {
            String token =
                    answer.headers().firstValue("X-Edgewise-Feedback-Token").orElseThrow();
            assertThat(post(sidecar, "/v1/feedback", "{\"token\": \"" + token + "\", \"thumb\": \"up\"}")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    private HttpResponse<String> post(Sidecar sidecar, String path, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + sidecar.port() + path))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static List<ConsumerRecord<byte[], byte[]>> of(String device, String topic) {
        String key = new String(Topics.key("default", device), StandardCharsets.UTF_8);
        return ingest.records(topic).stream()
                .filter(record -> new String(record.key(), StandardCharsets.UTF_8).equals(key))
                .toList();
    }

    private static List<Long> sequence(long last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }

    private static void awaitUploaded(Sidecar sidecar) {
        Await.until(
                "all is uploaded", () -> sidecar.backend().agent().snapshot().spoolDepth() == 0);
    }

    @Test
    void nothingIsLostWhileTheServerIsAwayAndComesBack() throws Exception {
        String device = "kiosk-17";
        try (Cable cable = Cable.to(ingest.port());
                Sidecar sidecar = Sidecar.start(settings(device, cable.port()))) {
            for (int i = 0; i < 40; i++) {
                ask(sidecar, i % 4 == 0);
            }
            Await.until(
                    "all of it is kept, since nothing gets through",
                    () -> sidecar.backend().agent().snapshot().spoolDepth() == 50);

            cable.putIn();
            for (int i = 0; i < 40; i++) {
                ask(sidecar, i % 4 == 0);
            }
            cable.pullOut();
            for (int i = 0; i < 20; i++) {
                ask(sidecar, i % 4 == 0);
            }
            cable.putIn();
            awaitUploaded(sidecar);
        }
        List<Long> observations = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : of(device, Topics.OBSERVATIONS)) {
            Observation observation = Observation.parseFrom(record.value());
            assertThat(observation.getDroppedCount()).isZero();
            observations.add(observation.getSeq());
        }
        List<Long> feedback = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : of(device, Topics.FEEDBACK)) {
            assertThat(record.headers().lastHeader("schema").value())
                    .isEqualTo(Topics.FEEDBACK_SCHEMA.getBytes(StandardCharsets.US_ASCII));
            Feedback said = Feedback.parseFrom(record.value());
            assertThat(said.getThumb()).isEqualTo(Thumb.THUMB_UP);
            feedback.add(said.getSeq());
        }
        // A cut may make a record come twice, and it is deduplicated; none is missing.
        assertThat(observations.stream().distinct()).containsExactlyElementsOf(sequence(100));
        assertThat(feedback.stream().distinct()).containsExactlyElementsOf(sequence(25));
        List<ConsumerRecord<byte[], byte[]>> statuses = of(device, Topics.AGENT_STATUS);
        assertThat(AgentStatus.parseFrom(statuses.getLast().value()).getEvent())
                .as("it said goodbye")
                .isEqualTo("closed");
    }

    @Test
    void recordsGoToABrokerThatAsksForTlsAndAPassword() throws Exception {
        String device = "kiosk-20";
        String yaml = yaml(device, ingest.port());
        try (Sidecar sidecar =
                Sidecar.start(SettingsReader.read("test", yaml + ingest.uplink("wrong"), Map.of(), folder))) {
            for (int i = 0; i < 10; i++) {
                ask(sidecar, false);
            }
            Await.until(
                    "all of it is kept",
                    () -> sidecar.backend().agent().snapshot().spoolDepth() == 10);
        }
        assertThat(of(device, Topics.OBSERVATIONS)).isEmpty();
        assertThat(doctor(Files.writeString(folder.resolve("wrong.yaml"), yaml + ingest.uplink("wrong"))))
                .contains("FAIL  uplink ", "cannot be used: Authentication failed", "correct uplink.kafka.client");

        assertThat(doctor(Files.writeString(folder.resolve("right.yaml"), yaml + ingest.uplink())))
                .contains("OK    uplink ", "1 brokers");
        try (Sidecar sidecar = Sidecar.start(SettingsReader.read("test", yaml + ingest.uplink(), Map.of(), folder))) {
            ask(sidecar, false);
            awaitUploaded(sidecar);
        }
        assertThat(of(device, Topics.OBSERVATIONS)).hasSize(11);
    }

    @Test
    void aDeviceShowsACertificateInThePlaceOfItsToken() throws Exception {
        String device = "kiosk-21";
        String yaml = yaml(device, ingest.port()).replace(ingest.settings(device, ingest.port()), "")
                + ingest.certified(device);
        assertThat(doctor(Files.writeString(folder.resolve("agent.yaml"), yaml)))
                .contains("OK    client certificate ", "gives orders", "takes records");
        try (Sidecar sidecar = Sidecar.start(SettingsReader.read("test", yaml, Map.of(), folder))) {
            ask(sidecar, true);
            awaitUploaded(sidecar);
        }
        assertThat(of(device, Topics.OBSERVATIONS)).hasSize(1);
        assertThat(of(device, Topics.FEEDBACK)).hasSize(1);
    }

    /// By default: where the workload does not let texts be recorded. Words are planted in all that an app
    /// sends, and in all that a frontier answers.
    @Test
    void whatPeopleWroteIsInNoFileNoRecordNoMetricAndNoLog() throws Exception {
        String device = "kiosk-19";
        try (PlantedWords words = new PlantedWords()) {
            String yaml = yaml(device, ingest.port())
                    .replace(
                            "privacy: {class: on-device}\nrouting: {home: " + Scene.BUILD + "}",
                            "privacy: {class: open, pass-through: true}\nfrontier: {name: cloud, url: \""
                                    + words.frontier() + "\", model: m}")
                    .replace("level: error", "level: debug");
            try (Sidecar sidecar = Sidecar.start(SettingsReader.read("test", yaml, Map.of(), folder))) {
                List<HttpResponse<String>> answers = new ArrayList<>();
                for (String kind : List.of("plain", "complain")) {
                    answers.add(post(sidecar, "/v1/chat/completions", PlantedWords.chat(kind)));
                    answers.add(post(sidecar, "/v1/completions", "{\"prompt\": \"" + PlantedWords.MARK + kind + "\"}"));
                    answers.add(post(
                            sidecar,
                            "/v1/chat/completions",
                            PlantedWords.chat(kind).replace("\"user\":", "\"stream\": true, \"user\":")));
                    answers.add(post(sidecar, "/v1/embeddings", PlantedWords.chat(kind)));
                }
                String token = answers.getFirst()
                        .headers()
                        .firstValue("X-Edgewise-Feedback-Token")
                        .orElseThrow();
                post(sidecar, "/v1/feedback", "{\"token\": \"" + token + "\", \"thumb\": \"down\"}");
                post(sidecar, "/v1/chat/completions", "{\"" + PlantedWords.MARK + "broken");
                post(sidecar, "/v1/chat/completions", "{\"messages\": \"" + PlantedWords.MARK + "type\"}");
                post(sidecar, "/v1/feedback", "{\"token\": \"" + PlantedWords.MARK + "token\", \"thumb\": \"up\"}");
                post(sidecar, "/v2/models/" + PlantedWords.MARK + "/infer", "{\"" + PlantedWords.MARK + "\": 1}");
                post(sidecar, "/v1/" + PlantedWords.MARK + "?q=" + PlantedWords.MARK, PlantedWords.MARK);
                http.send(
                        HttpRequest.newBuilder(
                                        URI.create("http://127.0.0.1:" + sidecar.port() + "/v1/chat/completions"))
                                .header("X-Edgewise-Unit", PlantedWords.MARK + "unit")
                                .header("X-Request-Id", PlantedWords.MARK + "header")
                                .header("Authorization", "Bearer " + PlantedWords.MARK + "bearer")
                                .header("X-Edgewise-Consent", PlantedWords.MARK + "consent")
                                .POST(HttpRequest.BodyPublishers.ofString(PlantedWords.chat("plain")))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                awaitUploaded(sidecar);
                assertThat(PlantedWords.isIn(get(sidecar.port(), "/q/metrics"))).isFalse();
            }
            // Or nothing would be shown.
            assertThat(words.heard()).isNotEmpty().allMatch(PlantedWords::isIn);
            words.assertNotLogged();
        }
        // Nor does the server repeat what it cannot read.
        for (String path : List.of("/ingest/v1/batches", "/ingest/v1/feedback", "/ingest/v1/" + PlantedWords.MARK)) {
            HttpResponse<String> refused = http.send(
                    HttpRequest.newBuilder(ingest.url().resolve(path))
                            .header("Authorization", "Bearer " + ingest.token(device))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(
                                    "{\"records\": [{\"" + PlantedWords.MARK + "\": \"" + PlantedWords.MARK + "\"}"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(refused.statusCode()).isBetween(400, 499);
        }
        assertThat(PlantedWords.isIn(get(ingest.port(), "/q/metrics"))).isFalse();

        assertThat(of(device, Topics.OBSERVATIONS)).hasSizeGreaterThan(3);
        for (String topic : List.of(Topics.OBSERVATIONS, Topics.FEEDBACK, Topics.AGENT_STATUS)) {
            assertThat(ingest.records(topic)).as(topic).noneMatch(PlantedWords::isIn);
        }
        assertThat(PlantedWords.filesWithWords(folder)).isEmpty();
        assertThat(PlantedWords.filesWithWords(shared)).isEmpty();
    }

    private String get(int port, String path) throws Exception {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    @Test
    void theDoctorSeesWhetherIngestTakesRecords() throws Exception {
        Path config = Files.writeString(folder.resolve("agent.yaml"), yaml("kiosk-18", ingest.port()));
        assertThat(doctor(config)).contains("OK    server ", "gives orders").contains("OK    uplink ", "takes records");

        Path wrong = Files.writeString(
                folder.resolve("wrong.yaml"),
                yaml("kiosk-18", ingest.port()).replace(ingest.token("kiosk-18"), "default~kiosk-18~x"));
        assertThat(doctor(wrong)).contains("FAIL  uplink ", "answers 401", "server.token");
    }

    @Test
    void aDeviceWithoutJavaDoesWhatTheDocumentShows() throws Exception {
        Assumptions.assumeTrue(
                DocumentedCommands.hasTools("curl", "openssl", "base64"), "curl and openssl are not here");
        DocumentedCommands documented = DocumentedCommands.of("docs/protocol.md");
        assertThat(documented.commands()).hasSizeGreaterThan(5);

        documented.check(
                folder,
                "https://edgewise.example.com",
                ingest.url().toString(),
                Map.of("TOKEN", ingest.token("kiosk-18"), "FEEDBACK_KEY", ingest.feedbackKey("kiosk-18")));

        assertThat(of("kiosk-18", Topics.FEEDBACK)).hasSize(1);
    }

    private static String doctor(Path config) {
        StringWriter printed = new StringWriter();
        int _ = Main.commandLine().setOut(new PrintWriter(printed)).execute("doctor", "--config", config.toString());
        return printed.toString();
    }
}
