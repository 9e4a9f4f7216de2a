// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.edgewise.contracts.Topics;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.ObservationKind;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.apache.kafka.clients.producer.ProducerRecord;

/// Makes the records of a fleet fast enough to be sent beside what is measured: who and when is new in each, what
/// happened is one of many bodies made before. A Protobuf message is the concatenation of its fields, so that the bytes
/// are those of a message written at once.
///
/// Not safe for concurrent use.
final class Fleet {
    private static final int BODIES = 20_000;
    private static final long EPOCH = 7;
    private static final String TENANT = "default";
    private static final String WORKLOAD = "voice-intent";
    private static final byte[] SCHEMA = Topics.OBSERVATION_SCHEMA.getBytes(StandardCharsets.UTF_8);
    private static final char[] CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();
    private static final int HOT_TENTHS = 8;

    private final Traffic traffic;
    private final SplittableRandom random;
    private final byte[][] bodies;
    private final byte[][] keys;
    private final long[] sequences;
    private final byte[] id = new byte[16];
    private long made;
    private long bytes;

    Fleet(Traffic traffic, long seed) {
        this.traffic = traffic;
        this.random = new SplittableRandom(seed);
        this.keys = new byte[traffic.devices()][];
        this.sequences = new long[traffic.devices()];
        SampleObservations samples = new SampleObservations(seed);
        bodies = new byte[BODIES][];
        for (int i = 0; i < BODIES; i++) {
            bodies[i] = body(samples);
        }
        int number = 0;
        for (int device = 0; device < keys.length; number++) {
            byte[] key = Topics.key(TENANT, "device-" + number);
            if (Topics.partition(key, Topics.PARTITIONS) < traffic.partitions()) {
                keys[device++] = key;
            }
        }
    }

    private byte[] body(SampleObservations samples) {
        Observation.Builder body = samples.next("", EPOCH, 1, 0).toBuilder()
                .clearTenant()
                .clearDevice()
                .clearSpoolEpoch()
                .clearSeq()
                .clearKind()
                .clearId()
                .clearEventTimeMs()
                .clearMonotonicUs()
                .clearWorkload()
                .clearWorkloadVersion()
                .clearRollout()
                .clearRevision();
        if (!traffic.hasDeviceClass()) {
            body.getContextBuilder().clearDeviceClass();
        } else {
            body.getContextBuilder().setDeviceClass("phone-" + random.nextInt(traffic.deviceClasses()));
        }
        for (int i = 0; i < traffic.attributes(); i++) {
            body.putSlices("attribute" + i, "value-" + random.nextInt(traffic.values()));
        }
        return body.build().toByteArray();
    }

    /// The name of the rollout with this number.
    static String rollout(int number) {
        StringBuilder text = new StringBuilder("01ARZ3NDEKTSV4RRFFQ69G");
        for (int shift = 15; shift >= 0; shift -= 5) {
            text.append(CROCKFORD[number >> shift & 31]);
        }
        return text.toString();
    }

    /// The next record, of an event at this time. Devices take turns, as far as nobody is hot.
    ProducerRecord<byte[], byte[]> next(long eventTimeMs) {
        int device = device();
        byte[] value = value(device, eventTimeMs);
        made++;
        bytes += value.length;
        byte[] key = keys[device];
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(Topics.OBSERVATIONS, Topics.partition(key, Topics.PARTITIONS), key, value);
        record.headers().add(Topics.SCHEMA_HEADER, SCHEMA);
        return record;
    }

    static Observation decoded(ProducerRecord<byte[], byte[]> record) {
        try {
            return Observation.parseFrom(record.value());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a record of the benchmark's own making cannot be decoded", e);
        }
    }

    long made() {
        return made;
    }

    /// Bytes of all values made so far.
    long bytes() {
        return bytes;
    }

    private int device() {
        int turn = (int) (made % keys.length);
        if (traffic.hot() == Traffic.Hot.NOBODY || random.nextInt(10) >= HOT_TENTHS) {
            return turn;
        }
        return traffic.hot() == Traffic.Hot.ONE_DEVICE ? 0 : turn - turn % traffic.rollouts();
    }

    private byte[] value(int device, long eventTimeMs) {
        random.nextBytes(id);
        byte[] key = keys[device];
        int name = TENANT.length() + 1;
        byte[] head = Observation.newBuilder()
                .setTenant(TENANT)
                .setDeviceBytes(ByteString.copyFrom(key, name, key.length - name))
                .setSpoolEpoch(EPOCH)
                .setSeq(++sequences[device])
                .setKind(ObservationKind.OBSERVATION_KIND_REQUEST)
                .setId(ByteString.copyFrom(id))
                .setEventTimeMs(eventTimeMs)
                .setMonotonicUs(eventTimeMs * 1000)
                .setWorkload(WORKLOAD)
                .setWorkloadVersion(1)
                .setRollout(rollout(device % traffic.rollouts()))
                .setRevision(1)
                .build()
                .toByteArray();
        byte[] body = bodies[random.nextInt(BODIES)];
        byte[] value = new byte[head.length + body.length];
        System.arraycopy(head, 0, value, 0, head.length);
        System.arraycopy(body, 0, value, head.length, body.length);
        return value;
    }
}
