// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.edgewise.contracts.v1.DeadLetter;
import io.edgewise.evaluator.Rejected;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class KafkaDeadLettersTest {
    private static final Rejected LETTER = new Rejected(
            null,
            DeadLetter.newBuilder()
                    .setOffset(7)
                    .setRecord(ByteString.copyFrom(new byte[1_000]))
                    .build());

    /// Refuses every value longer than `most` at once, as the client does.
    private static final class Strict extends MockProducer<byte[], byte[]> {
        private final int most;
        private final ApiException refusal;
        private int refused;

        Strict(int most, ApiException refusal) {
            super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
            this.most = most;
            this.refusal = refusal;
        }

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
            if (record.value().length <= most) {
                return super.send(record, callback);
            }
            refused++;
            callback.onCompletion(null, refusal);
            return CompletableFuture.failedFuture(refusal);
        }
    }

    @Test
    void aLetterThatKafkaFindsTooLargeGoesWithoutItsBytes() throws Exception {
        Strict producer = new Strict(500, new RecordTooLargeException("too large"));
        try (KafkaDeadLetters letters = new KafkaDeadLetters(producer)) {
            letters.send(List.of(LETTER));
        }

        DeadLetter sent = DeadLetter.parseFrom(producer.history().getFirst().value());
        assertThat(sent.getRecord().isEmpty()).isTrue();
        assertThat(sent.getOffset()).isEqualTo(7);
    }

    @Test
    void theFirstFailureEndsTheBatch() {
        Strict producer = new Strict(500, new TimeoutException("no metadata"));
        try (KafkaDeadLetters letters = new KafkaDeadLetters(producer)) {
            assertThatThrownBy(() -> letters.send(Collections.nCopies(100, LETTER)))
                    .hasRootCauseMessage("no metadata");
        }

        assertThat(producer.refused).isEqualTo(1);
    }
}
