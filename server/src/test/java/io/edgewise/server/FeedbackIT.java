// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.JsonFormat;
import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.contracts.v1.ArmSummary;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.contracts.v1.Feedback;
import io.edgewise.contracts.v1.FeedbackContext;
import io.edgewise.contracts.v1.FeedbackToken;
import io.edgewise.contracts.v1.Role;
import io.edgewise.contracts.v1.Thumb;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.testkit.Await;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/// What devices say of their answers, posted to ingest and counted by the evaluator: over HTTP, Kafka and PostgreSQL.
@QuarkusTest
@QuarkusTestResource(EmbeddedPlatform.class)
class FeedbackIT {
    private static final String PROTOBUF = "application/x-protobuf";
    private static final String JSON = "application/json";

    private final Browser browser = new Browser();
    private final DeviceSecrets devices;
    private final Database database;
    private final InstantSource clock;

    FeedbackIT(DeviceSecrets devices, Database database, InstantSource clock) {
        this.devices = devices;
        this.database = database;
        this.clock = clock;
    }

    @Test
    void feedbackArrivesIsCountedAndWhatIsRejectedLeavesNoGap() throws Exception {
        byte[] batch = delimited(
                thumb("speaker", 1).build(),
                thumb("speaker", 2).setScore(7).build(),
                thumb("speaker", 3).clearTenant().clearSource().build());

        HttpResponse<String> answer = browser.post("/ingest/v1/feedback", PROTOBUF, batch, bearer("speaker"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body())
                .startsWith(
                        "{\"acceptedThrough\":3,\"rejected\":[{\"seq\":2,\"reasons\":[\"range:score\"],\"details\":[\"score")
                .endsWith("\"]}]}");
        Map<String, String> packed = new HashMap<>(bearer("speaker"));
        packed.put("Content-Encoding", "gzip");
        String json = '[' + JsonFormat.printer().print(thumb("speaker", 4)) + ']';
        assertThat(browser.post("/ingest/v1/feedback", JSON, gzip(json), packed).body())
                .isEqualTo("{\"acceptedThrough\":4,\"rejected\":[]}");

        Await.until("all four are in the account", () -> account("speaker").equals(List.of(4L, 3L, 1L, 0L)));
    }

    @Test
    void aDeviceSpeaksOnlyOfItselfAndOnlyWithItsToken() throws Exception {
        byte[] batch = delimited(
                thumb("someone-else", 1).build(),
                thumb("modest", 2).setToken(thumb("someone-else", 2).getToken()).build());

        assertThat(browser.post("/ingest/v1/feedback", PROTOBUF, batch, bearer("modest"))
                        .body())
                .matches("\\{\"acceptedThrough\":2,\"rejected\":\\[\\{\"seq\":1,\"reasons\":\\[\"principal:source\"],"
                        + "\"details\":\\[\"source: names another [^]]+]},\\{\"seq\":2,\"reasons\":\\[\"principal:token\"],"
                        + "\"details\":\\[\"token: is none of [^]]+]}]}");
        assertThat(browser.post("/ingest/v1/feedback", PROTOBUF, batch, Map.of())
                        .statusCode())
                .isEqualTo(401);
        assertThat(browser.post("/ingest/v1/feedback", JSON, "{}".getBytes(StandardCharsets.UTF_8), bearer("modest"))
                        .body())
                .contains("JSON array of feedback records");
    }

    @Test
    void whoeverSendsFasterThanItMayForLongIsToldWhenToComeAgainAndOthersAreNot() throws Exception {
        byte[] batch =
                delimited(Collections.nCopies(1_000, thumb("hasty", 1).build()).toArray(Feedback[]::new));
        HttpResponse<String> answer = browser.post("/ingest/v1/feedback", PROTOBUF, batch, bearer("hasty"));
        for (int i = 0; i < 200 && answer.statusCode() == 200; i++) {
            answer = browser.post("/ingest/v1/feedback", PROTOBUF, batch, bearer("hasty"));
        }

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(429);
        assertThat(answer.headers().firstValue("Retry-After"))
                .hasValueSatisfying(
                        seconds -> assertThat(Integer.parseInt(seconds)).isBetween(1, 3));
        assertThat(browser.post("/ingest/v1/feedback", PROTOBUF, new byte[0], bearer("patient"))
                        .statusCode())
                .isEqualTo(200);
    }

    /// Last sequence, counted, dropped and open gaps.
    private List<Long> account(String device) throws SQLException {
        return database.read(sql -> sql.first(
                        "SELECT last_seq, counted, dropped, open_gaps FROM evaluator.published_account"
                                + " WHERE kind = 'feedback' AND device = ?",
                        row -> List.of(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4)),
                        device))
                .orElse(List.of());
    }

    private Feedback.Builder thumb(String device, long seq) {
        byte[] context = FeedbackContext.newBuilder()
                .setObservation(ByteString.copyFrom(new byte[16]))
                .setTenant("default")
                .setDevice(device)
                .setWorkload("spoken")
                .setCohort(Cohort.COHORT_CONTROL)
                .setMinute(clock.millis() / 60_000)
                .setServed(Role.ROLE_CHAMPION)
                .addArms(ArmSummary.newBuilder().setRole(Role.ROLE_CHAMPION).setLabelHash(7))
                .build()
                .toByteArray();
        return Feedback.newBuilder()
                .setTenant("default")
                .setSource(device)
                .setSourceEpoch(41)
                .setSeq(seq)
                .setGivenAtMs(clock.millis())
                .setToken(FeedbackToken.newBuilder()
                        .setContext(ByteString.copyFrom(context))
                        .setMac(ByteString.copyFrom(DeviceSecrets.mac(devices.feedbackKey("default", device), context)))
                        .build()
                        .toByteString())
                .setThumb(Thumb.THUMB_UP);
    }

    private Map<String, String> bearer(String device) {
        return Map.of("Authorization", "Bearer " + devices.token("default", device));
    }

    private static byte[] delimited(Feedback... records) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (Feedback record : records) {
            record.writeDelimitedTo(body);
        }
        return body.toByteArray();
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
