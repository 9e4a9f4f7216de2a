// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest.shell;

import static io.edgewise.ingest.Records.observation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStream;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.util.JsonFormat;
import io.edgewise.contracts.v1.Arm;
import io.edgewise.contracts.v1.Feedback;
import io.edgewise.contracts.v1.LabelProbability;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.ingest.Admission;
import io.edgewise.ingest.Feedbacks;
import io.edgewise.ingest.Item;
import io.edgewise.ingest.Observations;
import io.edgewise.ingest.Parts;
import io.edgewise.ingest.Records;
import io.edgewise.testkit.SeededCases;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchFormatsTest {
    private static final Observations KIND = new Observations();

    @Test
    void readsLengthDelimitedProtobuf() throws Exception {
        assertThat(ProtobufBatch.read(
                        KIND, delimited(observation(1).build(), observation(2).build())))
                .containsExactly(
                        new Item.Decoded<>(observation(1).build()),
                        new Item.Decoded<>(observation(2).build()));
    }

    @Test
    void readsTheSameRecordsAsJson() throws Exception {
        String json = '['
                + JsonFormat.printer().print(observation(1))
                + ','
                + JsonFormat.printer().print(observation(2))
                + ']';

        assertThat(JsonBatch.read(KIND, utf8(json)))
                .containsExactly(
                        new Item.Decoded<>(observation(1).build()),
                        new Item.Decoded<>(observation(2).build()));
    }

    @Test
    void aCutOffBatchIsMalformed() throws Exception {
        byte[] whole = delimited(observation(1).build(), observation(2).build());

        refuses(() -> ProtobufBatch.read(KIND, Arrays.copyOf(whole, whole.length - 1)), 400);
    }

    @Test
    void anUnreadableRecordIsRejectedWithItsSequence() throws Exception {
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        record.writeBytes(
                Observation.newBuilder().setSpoolEpoch(5).setSeq(6).build().toByteArray());
        record.writeBytes(new byte[] {(byte) 0xff, (byte) 0xff});

        assertThat(ProtobufBatch.read(KIND, framed(record.toByteArray())))
                .satisfiesExactly(item -> assertThat(item).isInstanceOfSatisfying(Item.Broken.class, broken -> {
                    assertThat(broken.epoch()).isEqualTo(5);
                    assertThat(broken.seq()).isEqualTo(6);
                    assertThat(broken.fault().reason()).isEqualTo("decode");
                }));
    }

    @Test
    void anOversizedRecordIsRejectedWithoutDecodingIt() throws Exception {
        Observation large = observation(8)
                .addArms(Arm.newBuilder().setText("x".repeat(70_000)))
                .build();

        assertThat(ProtobufBatch.read(KIND, delimited(large)).getFirst())
                .isInstanceOfSatisfying(Item.Broken.class, broken -> {
                    assertThat(broken.seq()).isEqualTo(8);
                    assertThat(broken.fault().reason()).isEqualTo("too_large");
                });
    }

    /// Three bytes on the wire, a hundred and fifty in memory: 16 MiB of them would be all of a server's.
    @Test
    void aRecordOfVeryManySmallPartsIsRejectedBeforeTheNextIsDecoded() throws Exception {
        Observation.Builder arms = observation(8);
        Observation.Builder candidates = observation(9);
        Arm.Builder arm = Arm.newBuilder();
        for (int i = 0; i < Parts.MOST; i++) {
            arms.addArms(Arm.getDefaultInstance());
            arm.addTop(LabelProbability.getDefaultInstance());
        }
        Observation unknown = observation(10)
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                5_000,
                                UnknownFieldSet.Field.newBuilder()
                                        .addLengthDelimited(ByteString.copyFrom(new byte[3_000]))
                                        .build())
                        .build())
                .build();
        byte[] batch = delimited(
                arms.addArms(Arm.getDefaultInstance()).build(),
                candidates.addArms(arm).build(),
                unknown);

        List<Item<Observation>> items = ProtobufBatch.read(KIND, batch);

        for (int i = 0; i < 2; i++) {
            int seq = 8 + i;
            assertThat(items.get(i)).isInstanceOfSatisfying(Item.Broken.class, broken -> {
                assertThat(broken.seq()).isEqualTo(seq);
                assertThat(broken.fault().reason()).isEqualTo("too_many");
            });
        }
        assertThat(items.get(2)).as("a long field of a newer version").isInstanceOf(Item.Decoded.class);
    }

    @Test
    void partsAreCountedAtAnyDepth() {
        assertThat(Parts.of(Observation.getDefaultInstance())).isZero();
        UnknownFieldSet three = UnknownFieldSet.newBuilder()
                .addField(
                        4_000,
                        UnknownFieldSet.Field.newBuilder()
                                .addVarint(1)
                                .addFixed32(2)
                                .addFixed64(3)
                                .build())
                .build();
        Arm arm = Arm.newBuilder()
                .addTop(LabelProbability.getDefaultInstance())
                .addTop(LabelProbability.newBuilder().setUnknownFields(three))
                .build();
        assertThat(Parts.of(Observation.newBuilder().addArms(arm).build())).isEqualTo(1 + 2 + 3);
        assertThat(Parts.of(Observation.newBuilder()
                        .setUnknownFields(UnknownFieldSet.newBuilder()
                                .addField(
                                        4_001,
                                        UnknownFieldSet.Field.newBuilder()
                                                .addGroup(three)
                                                .build())
                                .build())
                        .build()))
                .isEqualTo(1 + 3);
    }

    @Test
    void jsonOfVeryManySmallValuesIsRefusedWhileItIsRead() {
        refuses(() -> JsonBatch.read(KIND, utf8("[" + "{},".repeat(5_000_000) + "{}]")), 413);
        refuses(
                () -> JsonBatch.read(KIND, utf8("[{\"dropped\":[" + "{},".repeat(StrictJson.MOST_VALUES) + "{}]}]")),
                413);
    }

    @Test
    void jsonThatIsNoObservationIsRejectedWithItsSequence() throws Exception {
        List<Item<Observation>> items =
                JsonBatch.read(KIND, utf8("[{\"spoolEpoch\":\"5\",\"seq\":6,\"stage\":\"many\"}, 7]"));

        assertThat(items.get(0)).isInstanceOfSatisfying(Item.Broken.class, broken -> {
            assertThat(broken.epoch()).isEqualTo(5);
            assertThat(broken.seq()).isEqualTo(6);
        });
        assertThat(items.get(1))
                .isInstanceOfSatisfying(
                        Item.Broken.class, broken -> assertThat(broken.seq()).isZero());
    }

    @Test
    void fieldsOfANewerMinorVersionArePassedOver() throws Exception {
        assertThat(JsonBatch.read(KIND, utf8("[{\"seq\":1,\"somethingNew\":{\"a\":[1]}}]"))
                        .getFirst())
                .isInstanceOf(Item.Decoded.class);
    }

    @Test
    void refusesWhatIsNotOneJsonArray() {
        refuses(() -> JsonBatch.read(KIND, utf8("{\"seq\":1}")), 400);
        refuses(() -> JsonBatch.read(KIND, utf8("[{\"seq\":1}")), 400);
        refuses(() -> JsonBatch.read(KIND, utf8("[] []")), 400);
        refuses(() -> JsonBatch.read(KIND, utf8("")), 400);
        refuses(() -> JsonBatch.read(KIND, utf8("[{\"seq\":1,\"seq\":2}]")), 400);
        refuses(() -> JsonBatch.read(KIND, utf8("[{seq:1}]")), 400);
        refuses(() -> JsonBatch.read(KIND, utf8("[NaN]")), 400);
        refuses(() -> JsonBatch.read(KIND, utf8("[".repeat(10_000))), 400);
        refuses(() -> JsonBatch.read(KIND, new byte[] {'[', '"', (byte) 0xc0, (byte) 0x80, '"', ']'}), 400);
    }

    @Test
    void aNumberTooLargeForADoubleIsRejected() throws Exception {
        assertThat(JsonBatch.read(KIND, utf8("[{\"seq\":1,\"features\":{\"a\":1e400}}]"))
                        .getFirst())
                .isInstanceOf(Item.Broken.class);
    }

    @Test
    void takesAThousandRecordsAndNotOneMore() throws Exception {
        Observation[] thousand = new Observation[1_000];
        Arrays.fill(thousand, observation(1).build());
        assertThat(ProtobufBatch.read(KIND, delimited(thousand))).hasSize(1_000);

        Observation[] more = new Observation[1_001];
        Arrays.fill(more, observation(1).build());
        refuses(() -> ProtobufBatch.read(KIND, delimited(more)), 413);
        refuses(() -> JsonBatch.read(KIND, utf8('[' + "{},".repeat(1_000) + "{}]")), 413);
    }

    @Test
    void randomBytesAreRefusedOrRejectedAndNothingElse() {
        SeededCases.forAll(2_000, random -> {
            byte[] body = new byte[random.nextInt(200)];
            random.nextBytes(body);
            for (ThrowingCallable reading :
                    List.<ThrowingCallable>of(() -> ProtobufBatch.read(KIND, body), () -> JsonBatch.read(KIND, body))) {
                try {
                    reading.call();
                } catch (Problem problem) {
                    assertThat(problem.status()).isEqualTo(400);
                } catch (Throwable other) {
                    throw new AssertionError("neither read nor refused", other);
                }
            }
        });
    }

    @Test
    void readsFeedbackByTheSameRulesAndFindsItsIdentityWhereItStands() throws Exception {
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        record.writeBytes(
                Feedback.newBuilder().setSourceEpoch(5).setSeq(6).build().toByteArray());
        record.writeBytes(new byte[] {(byte) 0xff, (byte) 0xff});

        assertThat(ProtobufBatch.read(new Feedbacks(), framed(record.toByteArray())))
                .satisfiesExactly(item -> assertThat(item).isInstanceOfSatisfying(Item.Broken.class, broken -> {
                    assertThat(broken.epoch()).isEqualTo(5);
                    assertThat(broken.seq()).isEqualTo(6);
                    assertThat(broken.fault().reason()).isEqualTo("decode");
                    assertThat(broken.record()).isEqualTo(ByteString.copyFrom(record.toByteArray()));
                }));
        assertThat(JsonBatch.read(new Feedbacks(), utf8("[{\"sourceEpoch\":\"5\",\"seq\":6,\"givenAtMs\":\"soon\"}]"))
                        .getFirst())
                .isInstanceOfSatisfying(Item.Broken.class, broken -> {
                    assertThat(broken.epoch()).isEqualTo(5);
                    assertThat(broken.seq()).isEqualTo(6);
                });
    }

    @Test
    void unpacksGzipAndZstd() throws Exception {
        byte[] body = utf8("[{\"seq\":1}]");

        assertThat(read(new ByteArrayInputStream(Zstd.compress(body)), "zstd")).isEqualTo(body);

        assertThat(read(new ByteArrayInputStream(gzip(body)), "gzip")).isEqualTo(body);
        assertThat(read(new ByteArrayInputStream(body), null)).isEqualTo(body);
    }

    @Test
    void stopsUnpackingABomb() throws Exception {
        byte[] bomb = gzip(new byte[BoundedBody.UNPACKED_LIMIT + 1]);
        byte[] denseBomb = gzip(new byte[2 << 20]);

        refuses(() -> read(new ByteArrayInputStream(bomb), "gzip"), 413);
        refuses(() -> read(new ByteArrayInputStream(denseBomb), "gzip"), 413);
        byte[] zstd = Zstd.compress(new byte[BoundedBody.UNPACKED_LIMIT + 1]);
        refuses(() -> read(new ByteArrayInputStream(zstd), "zstd"), 413);
    }

    @Test
    void refusesBodiesThatAreTooLargeOrInAnUnknownEncoding() {
        refuses(() -> read(new ByteArrayInputStream(new byte[BoundedBody.WIRE_LIMIT + 1]), null), 413);
        refuses(() -> read(new ByteArrayInputStream(new byte[1]), "br"), 415);
        refuses(() -> read(new ByteArrayInputStream(new byte[20]), "gzip"), 400);
        refuses(() -> read(new ByteArrayInputStream(new byte[20]), "zstd"), 400);
    }

    @Test
    void aZstdFrameThatWantsMoreMemoryThanTheLimitIsRefusedAndOneThatBreaksOffToo() throws Exception {
        byte[] noise = new byte[1 << 20];
        new java.util.SplittableRandom(1).nextBytes(noise);
        ByteArrayOutputStream wide = new ByteArrayOutputStream();
        try (ZstdOutputStream out = new ZstdOutputStream(wide)) {
            out.setLong(27);
            out.write(noise);
        }
        byte[] whole = Zstd.compress(noise);

        refuses(() -> read(new ByteArrayInputStream(wide.toByteArray()), "zstd"), 400);
        refuses(() -> read(new ByteArrayInputStream(Arrays.copyOf(whole, 1000)), "zstd"), 400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"seq\":1} | must be a JSON array of observations",
                "[{\"seq\":1},{\"seq\": | ends in the middle, in $[1].seq; was it cut off?",
                "[{\"seq\":1},{seq:2}] | not JSON at line 1 column 14, in $[1];",
                "[NaN] | not JSON at line 1 column 2, in $[0]; names and texts stand in double quotes",
                "[{\"seq\":1}] x | column 14, in $; names and texts",
                "[\"\u00e9\"] | not UTF-8 at byte 3; send JSON as UTF-8",
            })
    void aRefusedBodyIsToldWhereAndWhatInsteadAndNotInAParsersWords(String body, String words) {
        assertThatThrownBy(() -> JsonBatch.read(KIND, body.getBytes(StandardCharsets.ISO_8859_1)))
                .isInstanceOf(Problem.class)
                .hasMessageContaining(words)
                .message()
                .doesNotContain("setStrictness", "github.com", "Input length");
    }

    @Test
    void aRecordThatCannotBeReadIsToldWhy() throws Exception {
        assertThat(JsonBatch.read(KIND, utf8("[{\"seq\":6,\"stage\":\"many\"}]"))
                        .getFirst())
                .isInstanceOfSatisfying(
                        Item.Broken.class,
                        broken -> assertThat(broken.fault().message())
                                .contains("edgewise.v1.Observation", "many", "openapi.json"));
        Observation large = observation(8)
                .addArms(Arm.newBuilder().setText("x".repeat(70_000)))
                .build();
        assertThat(ProtobufBatch.read(KIND, delimited(large)).getFirst())
                .isInstanceOfSatisfying(
                        Item.Broken.class,
                        broken -> assertThat(broken.fault().message()).contains("bytes and may have 65536"));
    }

    @Test
    void theAnswerSaysOfEachRejectedRecordWhatWasExpected() {
        Observation bad = observation(3)
                .setDevice("device-2")
                .clearId()
                .setServedLatencyUs(-1)
                .build();

        String answer =
                BatchWork.json(Admission.of(KIND, Records.DEVICE, List.of(new Item.Decoded<>(bad)), Records.NOW));

        assertThat(answer)
                .contains("\"reasons\":[\"principal:device\",\"missing:id\",\"range:served_latency_us\"]")
                .contains(
                        "\"device: names another than the token, which is of \\\"device-1\\\"",
                        "\"served_latency_us: must lie in ");
    }

    private static byte[] read(ByteArrayInputStream wire, @Nullable String encoding) throws Exception {
        return BoundedBody.unpacked(BoundedBody.receive(wire, bytes -> {}), encoding, bytes -> {});
    }

    private static void refuses(ThrowingCallable reading, int status) {
        assertThatThrownBy(reading)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.status()).isEqualTo(status));
    }

    private static byte[] delimited(Observation... observations) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Observation observation : observations) {
            observation.writeDelimitedTo(out);
        }
        return out.toByteArray();
    }

    private static byte[] framed(byte[] record) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.writeUInt32NoTag(record.length);
        out.writeRawBytes(record);
        out.flush();
        return bytes.toByteArray();
    }

    private static byte[] gzip(byte[] body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(body);
        }
        return bytes.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
