// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import com.google.protobuf.InvalidProtocolBufferException;
import io.edgewise.contracts.Topics;
import io.edgewise.contracts.v1.Observation;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/// The baselines: one thread that reads the topic from its beginning, and decodes or does not.
final class Reading {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private long sequences;

    /// @param cpuNanosEach of the reading thread; unlike the rate, not moved much by what else the machine does
    record Pace(double perSecond, double cpuNanosEach) {}

    /// Records a second without looking into them.
    Pace raw(Ground ground, long records) {
        return read(ground, records, false);
    }

    /// Records a second with each parsed into its Protobuf message, and nothing done with it.
    Pace decoded(Ground ground, long records) {
        Pace pace = read(ground, records, true);
        if (sequences == 0) {
            throw new IllegalStateException("nothing was decoded");
        }
        return pace;
    }

    private Pace read(Ground ground, long records, boolean isDecoding) {
        Map<String, Object> settings = ground.kafka().consumer();
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings)) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.OBSERVATIONS).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            partitions.forEach(consumer::position);
            long read = 0;
            long began = System.nanoTime();
            long cpuBegan = THREADS.getCurrentThreadCpuTime();
            while (read < records) {
                ConsumerRecords<byte[], byte[]> batch = consumer.poll(Duration.ofMillis(200));
                if (isDecoding) {
                    batch.forEach(this::decode);
                }
                read += batch.count();
            }
            double cpu = THREADS.getCurrentThreadCpuTime() - cpuBegan;
            return new Pace(read * 1e9 / (System.nanoTime() - began), cpu / read);
        }
    }

    private void decode(ConsumerRecord<byte[], byte[]> record) {
        try {
            sequences += Observation.parseFrom(record.value()).getSeq();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a record of the benchmark's own making cannot be decoded", e);
        }
    }
}
