// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import com.google.protobuf.InvalidProtocolBufferException;
import io.edgewise.contracts.v1.Arm;
import io.edgewise.contracts.v1.HoldoutItem;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Answers to reference sets since the last flush, by build and set. They are no traffic: nothing else counts them.
public final class HoldoutAnswers {
    private static final int MILLI = 1000;

    /// Digits of a set's digest that tell its versions apart.
    private static final int VERSION = 12;

    /// Nats; far above the entropy of any answer (an even choice among 10^50 words has 115).
    /// Sums of squares of it reach [#MOST_SUM] after seven million answers.
    static final double MOST_ENTROPY = 120;

    /// What a stored sum stays at: sums of it over all writers are whole numbers of 64 bits still.
    public static final long MOST_SUM = 100_000_000_000_000_000L;

    /// Whose answers, to which set.
    public record Key(String tenant, String workload, String build, String reference) {}

    /// What was added. Entropies are of answers that state one, in thousandths of a nat.
    public record Sums(long answers, long correct, long failed, long entropies, long entropySum, long entropySquares) {
        Sums plus(Sums other) {
            return new Sums(
                    answers + other.answers,
                    correct + other.correct,
                    failed + other.failed,
                    entropies + other.entropies,
                    entropySum + other.entropySum,
                    entropySquares + other.entropySquares);
        }
    }

    private final Map<Key, Sums> added = new LinkedHashMap<>();

    /// Of a record that was found to be sound and of kind HOLDOUT. One that does not say which build
    /// answered to which set is in no count.
    void add(byte[] record) {
        Observation observation;
        try {
            observation = Observation.parseFrom(record);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a sound observation cannot be parsed", e);
        }
        Optional<Arm> asked = observation.getArmsList().stream()
                .filter(arm -> arm.getRole() == Role.ROLE_CHALLENGER
                        && !arm.getEdge().getBuild().isBlank())
                .findFirst();
        if (asked.isPresent() && observation.hasHoldout()) {
            Key key = new Key(
                    observation.getTenant(),
                    observation.getWorkload(),
                    asked.get().getEdge().getBuild(),
                    reference(observation.getHoldout()));
            added.merge(key, sums(observation.getHoldout(), asked.get()), Sums::plus);
        }
    }

    /// A set of the same name with other examples is another one.
    private static String reference(HoldoutItem item) {
        String sha = item.getReferenceSha256();
        return sha.isEmpty()
                ? item.getReference()
                : item.getReference() + '@' + sha.substring(0, Math.min(VERSION, sha.length()));
    }

    private static Sums sums(HoldoutItem item, Arm asked) {
        boolean failed = !item.hasCorrect()
                || !asked.getErrorCode().isEmpty()
                || asked.hasSchemaValid() && !asked.getSchemaValid();
        boolean right = !failed && item.getCorrect();
        boolean hasEntropy = !failed && asked.hasEntropy();
        long entropy = hasEntropy ? Math.round(Math.min(MOST_ENTROPY, asked.getEntropy()) * MILLI) : 0;
        return new Sums(1, right ? 1 : 0, failed ? 1 : 0, hasEntropy ? 1 : 0, entropy, entropy * entropy);
    }

    boolean isEmpty() {
        return added.isEmpty();
    }

    List<BookChanges.Holdout> fresh() {
        List<BookChanges.Holdout> rows = new ArrayList<>();
        added.forEach((key, sums) -> rows.add(new BookChanges.Holdout(key, sums)));
        return rows;
    }

    void written() {
        added.clear();
    }
}
