// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.torture;

import com.google.protobuf.ByteString;
import io.edgewise.contracts.Topics;
import io.edgewise.contracts.v1.Arm;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.contracts.v1.Comparison;
import io.edgewise.contracts.v1.DeviceContext;
import io.edgewise.contracts.v1.EdgeBuild;
import io.edgewise.contracts.v1.Frontier;
import io.edgewise.contracts.v1.Money;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.ObservationKind;
import io.edgewise.contracts.v1.Refusal;
import io.edgewise.contracts.v1.Role;
import io.edgewise.contracts.v1.SeqRange;
import io.edgewise.contracts.v1.Totals;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.clients.producer.ProducerRecord;

/// Devices in shadow that send what real ones do: pairs, failures, records out of order, records sent again, events
/// from
/// days ago, sequences declared as dropped, and a new spool epoch now and then. Every record goes into the ledger when
/// it is made, in the order in which it is sent.
final class TortureFleet {
    private static final String TENANT = "default";
    private static final String WORKLOAD = "voice-intent";
    private static final byte[] SCHEMA = Topics.OBSERVATION_SCHEMA.getBytes(StandardCharsets.UTF_8);
    private static final List<String> ROLLOUTS = List.of("01ARZ3NDEKTSV4RRFFQ69G0001", "01ARZ3NDEKTSV4RRFFQ69G0002");
    private static final int CLASSES = 3;
    private static final int HISTORY = 20_000;
    private static final long LATE_MS = 26 * 3_600_000L;
    private static final long RECENT_MS = 150_000;

    private final SplittableRandom random;
    private final Ledger ledger;
    private final String[] names;
    private final byte[][] keys;
    private final long[] epochs;
    private final long[] sequences;
    private final List<ProducerRecord<byte[], byte[]>> history = new ArrayList<>();
    private final Deque<ProducerRecord<byte[], byte[]>> ready = new ArrayDeque<>();

    TortureFleet(int devices, long seed, Ledger ledger) {
        this.random = new SplittableRandom(seed);
        this.ledger = ledger;
        names = new String[devices];
        keys = new byte[devices][];
        epochs = new long[devices];
        sequences = new long[devices];
        for (int device = 0; device < devices; device++) {
            names[device] = "device-" + device;
            keys[device] = Topics.key(TENANT, names[device]);
            epochs[device] = random.nextLong() | 1;
        }
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
        int device = random.nextInt(names.length);
        int kind = random.nextInt(1_000);
        if (kind < 50 && !history.isEmpty()) {
            ledger.duplicate();
            ready.add(history.get(random.nextInt(history.size())));
        } else if (kind < 55) {
            drops(device, nowMs);
        } else if (kind < 60) {
            send(device, observation(device, nowMs - LATE_MS, draw(device, nowMs - LATE_MS)));
            ledger.late();
        } else if (kind < 61) {
            epochs[device] = random.nextLong() | 1;
            sequences[device] = 0;
        } else if (kind < 160) {
            outOfOrder(device, nowMs);
        } else {
            request(device, nowMs);
        }
    }

    private void request(int device, long nowMs) {
        Ledger.Drawn drawn = draw(device, nowMs - random.nextLong(RECENT_MS));
        send(device, observation(device, drawn.eventMs(), drawn));
        ledger.counted(drawn);
    }

    /// Two of a device arrive in the other order.
    private void outOfOrder(int device, long nowMs) {
        Ledger.Drawn first = draw(device, nowMs - random.nextLong(RECENT_MS));
        Observation earlier = observation(device, first.eventMs(), first);
        request(device, nowMs);
        send(device, earlier);
        ledger.counted(first);
    }

    /// Up to nine sequences will never come, and the record that says so is not one of traffic.
    private void drops(int device, long nowMs) {
        long gone = 1 + random.nextLong(9);
        long first = sequences[device] + 1;
        sequences[device] += gone + 1;
        long own = sequences[device];
        Observation.Builder message = identity(device, own, nowMs)
                .setKind(ObservationKind.OBSERVATION_KIND_DROPS)
                .addDropped(SeqRange.newBuilder().setFirst(first).setLast(own))
                .setDropReason("spool-full")
                .setTotals(Totals.newBuilder().setLastSeq(own).setDropped(gone));
        send(device, message.build());
        ledger.dropped(gone + 1);
    }

    private void send(int device, Observation observation) {
        byte[] key = keys[device];
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                Topics.OBSERVATIONS, Topics.partition(key, Topics.PARTITIONS), key, observation.toByteArray());
        record.headers().add(Topics.SCHEMA_HEADER, SCHEMA);
        ready.add(record);
        if (history.size() < HISTORY) {
            history.add(record);
        } else {
            history.set(random.nextInt(HISTORY), record);
        }
    }

    private Ledger.Drawn draw(int device, long eventMs) {
        return new Ledger.Drawn(
                ROLLOUTS.get(device % ROLLOUTS.size()),
                names[device],
                "class-" + device % CLASSES,
                random.nextInt(25) == 0,
                random.nextInt(100) < 92,
                1_000 + random.nextLong(500_000),
                random.nextLong(100_000),
                eventMs);
    }

    private Observation.Builder identity(int device, long seq, long eventMs) {
        return Observation.newBuilder()
                .setTenant(TENANT)
                .setDevice(names[device])
                .setSpoolEpoch(epochs[device])
                .setSeq(seq)
                .setEventTimeMs(eventMs)
                .setWorkload(WORKLOAD)
                .setWorkloadVersion(1);
    }

    private Observation observation(int device, long eventMs, Ledger.Drawn drawn) {
        byte[] id = new byte[16];
        random.nextBytes(id);
        Observation.Builder observation = identity(device, ++sequences[device], eventMs)
                .setKind(ObservationKind.OBSERVATION_KIND_REQUEST)
                .setId(ByteString.copyFrom(id))
                .setMonotonicUs(eventMs * 1_000)
                .setRollout(drawn.rollout())
                .setRevision(1)
                .setCohort(Cohort.COHORT_CONTROL)
                .setUnitHash(random.nextLong())
                .setServed(Role.ROLE_CHAMPION)
                .setPairingSelected(true)
                .setPairingRateBp(10_000)
                .setServedLatencyUs(drawn.latencyUs())
                .setServedCost(money(drawn.nanos()))
                .setContext(DeviceContext.newBuilder()
                        .setDeviceClass(drawn.deviceClass())
                        .setChipset("chip")
                        .setOs("linux")
                        .setRuntime("onnxruntime")
                        .setRuntimeVersion("1.29.0")
                        .setExecutionProvider("cpu")
                        .setAgentVersion("0.1.0"))
                .addArms(champion(drawn))
                .addArms(challenger(drawn));
        if (!drawn.challengerFails()) {
            observation.setComparison(Comparison.newBuilder()
                    .setDefinition("same-label/1")
                    .setAgreement(drawn.agrees() ? 1 : 0)
                    .setAgrees(drawn.agrees()));
        }
        return observation.build();
    }

    private static Arm champion(Ledger.Drawn drawn) {
        return Arm.newBuilder()
                .setRole(Role.ROLE_CHAMPION)
                .setFrontier(Frontier.newBuilder().setProvider("demo").setModel("frontier-intent"))
                .setLabel("balance")
                .setLatencyUs(drawn.latencyUs())
                .setRefusal(Refusal.REFUSAL_ANSWERED)
                .setRefusalDefinition("label-set/1")
                .build();
    }

    private static Arm challenger(Ledger.Drawn drawn) {
        Arm.Builder arm = Arm.newBuilder()
                .setRole(Role.ROLE_CHALLENGER)
                .setEdge(EdgeBuild.newBuilder().setBuild("edge-intent-int4").setArtifactSha256("c3".repeat(32)));
        if (drawn.challengerFails()) {
            return arm.setErrorCode("timeout").build();
        }
        return arm.setLabel(drawn.agrees() ? "balance" : "transfer")
                .setConfidence(0.9)
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
