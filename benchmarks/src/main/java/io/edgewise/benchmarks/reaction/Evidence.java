// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.reaction;

import io.edgewise.benchmarks.SampleObservations;
import io.edgewise.contracts.Topics;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.contracts.v1.Comparison;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.Role;
import io.edgewise.runtime.kafka.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/// What devices in a canary would have sent: pairs that all agree, or all disagree.
final class Evidence implements AutoCloseable {
    static final int RECORDS = 300;
    private static final int DEVICES = 60;
    private static final String TENANT = "default";
    private static final byte[] SCHEMA = Topics.OBSERVATION_SCHEMA.getBytes(StandardCharsets.UTF_8);

    private final KafkaProducer<byte[], byte[]> producer;
    private final SampleObservations samples = new SampleObservations(1);
    private final Map<String, Long> sequences = new HashMap<>();
    private final long epoch = System.currentTimeMillis();

    Evidence(KafkaSettings kafka) {
        producer = new KafkaProducer<>(kafka.producer());
    }

    /// One of each device; all acknowledged when this returns.
    void agree(String workload, String rollout) throws Exception {
        send(workload, rollout, DEVICES, true);
    }

    void disagree(String workload, String rollout) throws Exception {
        send(workload, rollout, RECORDS, false);
    }

    private void send(String workload, String rollout, int records, boolean agrees) throws Exception {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            String device = "sender-" + i % DEVICES;
            long sequence = sequences.merge(device, 1L, Long::sum);
            Observation observation = samples.next(device, epoch, sequence, System.currentTimeMillis()).toBuilder()
                    .setWorkload(workload)
                    .setRollout(rollout)
                    .setRevision(2)
                    .setStage(1)
                    .setCohort(Cohort.COHORT_CANARY)
                    .setServed(Role.ROLE_CHALLENGER)
                    .setComparison(Comparison.newBuilder()
                            .setDefinition("same-label/1")
                            .setAgreement(agrees ? 1 : 0)
                            .setAgrees(agrees))
                    .build();
            byte[] key = Topics.key(TENANT, device);
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                    Topics.OBSERVATIONS, Topics.partition(key, Topics.PARTITIONS), key, observation.toByteArray());
            record.headers().add(Topics.SCHEMA_HEADER, SCHEMA);
            sent.add(producer.send(record));
        }
        for (Future<RecordMetadata> each : sent) {
            each.get();
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
