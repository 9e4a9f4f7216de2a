// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.torture;

import com.google.protobuf.ByteString;
import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.contracts.LabelHash;
import io.edgewise.contracts.Topics;
import io.edgewise.contracts.v1.Arm;
import io.edgewise.contracts.v1.ArmSummary;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.contracts.v1.Comparison;
import io.edgewise.contracts.v1.DeviceContext;
import io.edgewise.contracts.v1.EdgeBuild;
import io.edgewise.contracts.v1.Feedback;
import io.edgewise.contracts.v1.FeedbackContext;
import io.edgewise.contracts.v1.FeedbackToken;
import io.edgewise.contracts.v1.Frontier;
import io.edgewise.contracts.v1.Money;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.ObservationKind;
import io.edgewise.contracts.v1.Refusal;
import io.edgewise.contracts.v1.Role;
import io.edgewise.contracts.v1.SeqRange;
import io.edgewise.contracts.v1.Thumb;
import io.edgewise.contracts.v1.Totals;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/// Devices of two rollouts that send what real ones do: requests in shadow, and in the canary and the control of later
/// stages, among which each device moves now and then; what users say of the answers; failures, records out of order,
/// records sent again, events from days ago, sequences declared as dropped, and a new spool epoch now and then. Every
/// record goes into the ledger when it is made, in the order in which it is sent.
final class TortureFleet {
    private static final String TENANT = "default";
    private static final String WORKLOAD = "voice-intent";
    private static final byte[] OBSERVATION = Topics.OBSERVATION_SCHEMA.getBytes(StandardCharsets.UTF_8);
    private static final byte[] FEEDBACK = Topics.FEEDBACK_SCHEMA.getBytes(StandardCharsets.UTF_8);
    private static final List<String> ROLLOUTS = List.of("01ARZ3NDEKTSV4RRFFQ69G0001", "01ARZ3NDEKTSV4RRFFQ69G0002");
    private static final List<String> TRUTHS = List.of(Drawn.CHAMPION_SAYS, Drawn.CHALLENGER_SAYS, "close-account");
    private static final int CLASSES = 3;
    private static final int STAGES = 3;
    private static final int HISTORY = 20_000;
    private static final long LATE_MS = 26 * 3_600_000L;
    private static final long RECENT_MS = 150_000;

    private final SplittableRandom random;
    private final Ledger ledger;
    private final Device[] devices;
    private final List<ProducerRecord<byte[], byte[]>> history = new ArrayList<>();
    private final Deque<ProducerRecord<byte[], byte[]>> ready = new ArrayDeque<>();

    private static final class Device {
        private final int number;
        private final String name;
        private final byte[] key;
        private final byte[] feedbackKey;
        private long epoch;
        private long sequence;
        private long saidEpoch;
        private long saidSequence;
        private int stage;
        private @Nullable Drawn last;

        Device(int number, DeviceSecrets secrets) {
            this.number = number;
            this.name = "device-" + number;
            this.key = Topics.key(TENANT, name);
            this.feedbackKey = secrets.feedbackKey(TENANT, name);
        }
    }

    TortureFleet(int size, long seed, Ledger ledger, DeviceSecrets secrets) {
        this.random = new SplittableRandom(seed);
        this.ledger = ledger;
        devices = new Device[size];
        for (int number = 0; number < size; number++) {
            devices[number] = new Device(number, secrets);
            renew(devices[number]);
        }
    }

    /// As after its disk was lost.
    private void renew(Device device) {
        device.epoch = random.nextLong() | 1;
        device.sequence = 0;
        device.saidEpoch = random.nextLong() | 1;
        device.saidSequence = 0;
    }

    /// The next record to send.
    ProducerRecord<byte[], byte[]> next(long nowMs) {
        while (ready.isEmpty()) {
            make(nowMs);
        }
        return ready.removeFirst();
    }

    /// Whether records were made that nobody took yet.
    boolean hasReady() {
        return !ready.isEmpty();
    }

    private void make(long nowMs) {
        Device device = devices[random.nextInt(devices.length)];
        int kind = random.nextInt(1_000);
        if (kind < 50 && !history.isEmpty()) {
            again();
        } else if (kind < 55) {
            drops(device, nowMs);
        } else if (kind < 60) {
            Drawn drawn = draw(device, nowMs - LATE_MS);
            send(device, observation(device, drawn));
            ledger.observations().late();
        } else if (kind < 61) {
            renew(device);
        } else if (kind < 160) {
            outOfOrder(device, nowMs);
        } else if (kind < 240 && device.last != null) {
            say(device, device.last, nowMs);
        } else {
            request(device, nowMs);
        }
    }

    private void again() {
        ProducerRecord<byte[], byte[]> record = history.get(random.nextInt(history.size()));
        records(record.topic()).duplicate();
        ready.add(record);
    }

    private Ledger.Records records(String topic) {
        return topic.equals(Topics.FEEDBACK) ? ledger.feedback() : ledger.observations();
    }

    private void request(Device device, long nowMs) {
        Drawn drawn = draw(device, nowMs - random.nextLong(RECENT_MS));
        send(device, observation(device, drawn));
        ledger.counted(drawn);
        device.last = drawn;
    }

    /// Two of a device arrive in the other order.
    private void outOfOrder(Device device, long nowMs) {
        Drawn first = draw(device, nowMs - random.nextLong(RECENT_MS));
        Observation earlier = observation(device, first);
        request(device, nowMs);
        send(device, earlier);
        ledger.counted(first);
    }

    /// Up to nine sequences will never come, and the record that says so is not one of traffic.
    private void drops(Device device, long nowMs) {
        long gone = 1 + random.nextLong(9);
        long first = device.sequence + 1;
        device.sequence += gone + 1;
        long own = device.sequence;
        Observation.Builder message = identity(device, own, nowMs)
                .setKind(ObservationKind.OBSERVATION_KIND_DROPS)
                .addDropped(SeqRange.newBuilder().setFirst(first).setLast(own))
                .setDropReason("spool-full")
                .setTotals(Totals.newBuilder().setLastSeq(own).setDropped(gone));
        send(device, message.build());
        ledger.observations().dropped(gone + 1);
    }

    /// Of the device's last answer; now and then of one that is too old for its window, or too late for any.
    private void say(Device device, Drawn last, long nowMs) {
        int kind = random.nextInt(100);
        if (kind < 2) {
            long first = device.saidSequence + 1;
            device.saidSequence += 2;
            send(
                    device,
                    feedback(device, nowMs)
                            .addDropped(SeqRange.newBuilder().setFirst(first).setLast(device.saidSequence))
                            .build());
            ledger.feedback().dropped(2);
            return;
        }
        Drawn of = kind < 6 ? last.at(nowMs - LATE_MS) : last;
        Said said = drawSaid();
        device.saidSequence++;
        boolean isLate = kind < 4;
        send(device, say(feedback(device, isLate ? nowMs - LATE_MS : nowMs), of, device, said));
        if (isLate) {
            ledger.feedback().late();
        } else {
            ledger.said(of, said, kind >= 6);
        }
    }

    private Said drawSaid() {
        return switch (random.nextInt(4)) {
            case 0 -> new Said.ThumbOf(random.nextBoolean());
            case 1 -> new Said.Score(random.nextInt(65));
            default -> new Said.Correction(TRUTHS.get(random.nextInt(TRUTHS.size())));
        };
    }

    private static Feedback.Builder feedback(Device device, long givenMs) {
        return Feedback.newBuilder()
                .setTenant(TENANT)
                .setSource(device.name)
                .setSourceEpoch(device.saidEpoch)
                .setSeq(device.saidSequence)
                .setGivenAtMs(givenMs);
    }

    private static Feedback say(Feedback.Builder feedback, Drawn of, Device device, Said said) {
        byte[] context = context(of).toByteArray();
        feedback.setToken(FeedbackToken.newBuilder()
                .setContext(ByteString.copyFrom(context))
                .setMac(ByteString.copyFrom(DeviceSecrets.mac(device.feedbackKey, context)))
                .build()
                .toByteString());
        switch (said) {
            case Said.ThumbOf(boolean isUp) -> feedback.setThumb(isUp ? Thumb.THUMB_UP : Thumb.THUMB_DOWN);
            case Said.Score(int sixtyFourths) -> feedback.setScore(sixtyFourths / 64.0);
            case Said.Correction(String label) -> feedback.setTruthLabel(label);
        }
        return feedback.build();
    }

    private static FeedbackContext context(Drawn of) {
        FeedbackContext.Builder context = FeedbackContext.newBuilder()
                .setTenant(TENANT)
                .setDevice(of.device())
                .setWorkload(WORKLOAD)
                .setRollout(of.rollout())
                .setRevision(1)
                .setStage(of.stage())
                .setCohort(cohort(of))
                .setMinute(Math.floorDiv(of.eventMs(), 60_000))
                .setPairingRateBp(of.pairingRateBp())
                .setServed(served(of))
                .putSlices("device_class", of.deviceClass());
        if (of.hasChampion()) {
            context.addArms(ArmSummary.newBuilder()
                    .setRole(Role.ROLE_CHAMPION)
                    .setLabelHash(LabelHash.of(Drawn.CHAMPION_SAYS)));
        }
        if (of.hasChallenger()) {
            ArmSummary.Builder challenger = ArmSummary.newBuilder().setRole(Role.ROLE_CHALLENGER);
            context.addArms(
                    of.challengerFails()
                            ? challenger.setFailed(true)
                            : challenger
                                    .setLabelHash(LabelHash.of(of.challengerLabel()))
                                    .setConfidence(of.confidence() / 512.0));
        }
        return context.build();
    }

    private static Cohort cohort(Drawn of) {
        return of.isCanary() ? Cohort.COHORT_CANARY : Cohort.COHORT_CONTROL;
    }

    private static Role served(Drawn of) {
        return of.isServedByChallenger() ? Role.ROLE_CHALLENGER : Role.ROLE_CHAMPION;
    }

    private void send(Device device, Observation observation) {
        send(Topics.OBSERVATIONS, device, OBSERVATION, observation.toByteArray());
    }

    private void send(Device device, Feedback feedback) {
        send(Topics.FEEDBACK, device, FEEDBACK, feedback.toByteArray());
    }

    private void send(String topic, Device device, byte[] schema, byte[] value) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, Topics.partition(device.key, Topics.PARTITIONS), device.key, value);
        record.headers().add(Topics.SCHEMA_HEADER, schema);
        ready.add(record);
        if (history.size() < HISTORY) {
            history.add(record);
        } else {
            history.set(random.nextInt(HISTORY), record);
        }
    }

    private Drawn draw(Device device, long eventMs) {
        if (random.nextInt(15) == 0) {
            device.stage = random.nextInt(STAGES);
        }
        return new Drawn(
                ROLLOUTS.get(device.number % ROLLOUTS.size()),
                device.stage,
                device.number % 4 < device.stage,
                device.name,
                "class-" + device.number % CLASSES,
                device.stage == 0 || random.nextInt(4) == 0,
                random.nextInt(25) == 0,
                random.nextInt(100) < 92,
                1 + random.nextInt(512),
                1_000 + random.nextLong(500_000),
                random.nextLong(100_000),
                eventMs);
    }

    private static Observation.Builder identity(Device device, long seq, long eventMs) {
        return Observation.newBuilder()
                .setTenant(TENANT)
                .setDevice(device.name)
                .setSpoolEpoch(device.epoch)
                .setSeq(seq)
                .setEventTimeMs(eventMs)
                .setWorkload(WORKLOAD)
                .setWorkloadVersion(1);
    }

    private Observation observation(Device device, Drawn drawn) {
        byte[] id = new byte[16];
        random.nextBytes(id);
        Observation.Builder observation = identity(device, ++device.sequence, drawn.eventMs())
                .setKind(ObservationKind.OBSERVATION_KIND_REQUEST)
                .setId(ByteString.copyFrom(id))
                .setMonotonicUs(drawn.eventMs() * 1_000)
                .setRollout(drawn.rollout())
                .setRevision(1)
                .setStage(drawn.stage())
                .setCohort(cohort(drawn))
                .setUnitHash(random.nextLong())
                .setServed(served(drawn))
                .setPairingSelected(drawn.isSelected())
                .setPairingRateBp(drawn.pairingRateBp())
                .setServedLatencyUs(drawn.latencyUs())
                .setServedCost(money(drawn.nanos()))
                .setContext(DeviceContext.newBuilder()
                        .setDeviceClass(drawn.deviceClass())
                        .setChipset("chip")
                        .setOs("linux")
                        .setRuntime("onnxruntime")
                        .setRuntimeVersion("1.29.0")
                        .setExecutionProvider("cpu")
                        .setAgentVersion("0.1.0"));
        if (drawn.hasChampion()) {
            observation.addArms(champion(drawn));
        }
        if (drawn.hasChallenger()) {
            observation.addArms(challenger(drawn));
        }
        if (drawn.isSelected() && !drawn.challengerFails()) {
            observation.setComparison(Comparison.newBuilder()
                    .setDefinition("same-label/1")
                    .setAgreement(drawn.agrees() ? 1 : 0)
                    .setAgrees(drawn.agrees()));
        }
        return observation.build();
    }

    private static Arm champion(Drawn drawn) {
        return Arm.newBuilder()
                .setRole(Role.ROLE_CHAMPION)
                .setFrontier(Frontier.newBuilder().setProvider("demo").setModel("frontier-intent"))
                .setLabel(Drawn.CHAMPION_SAYS)
                .setLatencyUs(drawn.latencyUs())
                .setRefusal(Refusal.REFUSAL_ANSWERED)
                .setRefusalDefinition("label-set/1")
                .build();
    }

    private static Arm challenger(Drawn drawn) {
        Arm.Builder arm = Arm.newBuilder()
                .setRole(Role.ROLE_CHALLENGER)
                .setEdge(EdgeBuild.newBuilder().setBuild("edge-intent-int4").setArtifactSha256("c3".repeat(32)));
        if (drawn.challengerFails()) {
            return arm.setErrorCode("timeout").build();
        }
        return arm.setLabel(drawn.challengerLabel())
                .setConfidence(drawn.confidence() / 512.0)
                .setConfidenceSource("class-probability")
                .setLatencyUs(300)
                .setRefusal(Refusal.REFUSAL_ANSWERED)
                .setRefusalDefinition("label-set/1")
                .build();
    }

    private static Money money(long nanos) {
        return Money.newBuilder()
                .setNanos(nanos)
                .setCurrency("USD")
                .setPriceCard("demo-1")
                .build();
    }
}
