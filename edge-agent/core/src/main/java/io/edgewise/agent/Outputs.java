// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import com.google.protobuf.ByteString;
import io.edgewise.contracts.Workload;
import io.edgewise.contracts.v1.Arm;
import io.edgewise.contracts.v1.Comparison;
import io.edgewise.contracts.v1.Refusal;
import io.edgewise.statistics.text.Agreement;
import io.edgewise.statistics.text.RefusalPhrases;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.Optional;

/// What an arm's output amounts to, by the workload's definition: a label, or a text of which only its
/// digest, its length and whether it refuses leave this place. Pure.
final class Outputs {
    static final String SAME_LABEL = "same-label/1";
    private static final String LABEL_SET = "label-set/1";
    /// From this score on two texts agree.
    private static final double AGREES = 0.8;

    private static final int LONGEST_TEXT = 1 << 20;

    private final Workload workload;
    private final Optional<Agreement.OfText> measure;

    Outputs(Workload workload) {
        this.workload = workload;
        this.measure = measure(workload);
    }

    /// Empty for labels. Throws for what this agent cannot compute.
    static Optional<Agreement.OfText> measure(Workload workload) {
        if (workload.agreement().equals(SAME_LABEL)) {
            return Optional.empty();
        }
        Optional<Agreement.OfText> known = Agreement.all()
                .filter(Agreement.OfText.class::isInstance)
                .map(Agreement.OfText.class::cast)
                .filter(measure -> measure.definition().equals(workload.agreement()))
                .findFirst();
        if (known.isEmpty()) {
            throw new IllegalArgumentException("workload " + workload.name() + " compares by \"" + workload.agreement()
                    + "\"; this agent computes \"" + SAME_LABEL + "\" and, of texts, "
                    + Agreement.all()
                            .filter(Agreement.OfText.class::isInstance)
                            .map(Agreement::definition)
                            .toList());
        }
        return known;
    }

    boolean areTexts() {
        return measure.isPresent();
    }

    /// The arm with what it said, or as a failure.
    Arm judged(Arm.Builder arm, String said) {
        return measure.isPresent() ? text(arm, said) : label(arm, said);
    }

    /// An output that is not a label of the workload is a failure; what it was stays on the device.
    private Arm label(Arm.Builder arm, String label) {
        boolean isValid = Arms.isLabel(label)
                && (workload.labels().isEmpty() || workload.labels().contains(label));
        arm.setSchemaValid(isValid);
        if (!isValid) {
            return arm.setErrorCode(Attempt.INVALID_OUTPUT).clearTop().build();
        }
        return arm.setLabel(label)
                .setOutputLength(label.length())
                .setRefusal(
                        workload.refusalLabels().contains(label) ? Refusal.REFUSAL_REFUSED : Refusal.REFUSAL_ANSWERED)
                .setRefusalDefinition(LABEL_SET)
                .build();
    }

    private static Arm text(Arm.Builder arm, String text) {
        if (text.isBlank() || text.length() > LONGEST_TEXT) {
            return arm.setErrorCode(Attempt.INVALID_OUTPUT).clearTop().build();
        }
        Refusal refusal = switch (RefusalPhrases.of(text)) {
            case ANSWERED -> Refusal.REFUSAL_ANSWERED;
            case PARTIAL -> Refusal.REFUSAL_PARTIAL;
            case REFUSED -> Refusal.REFUSAL_REFUSED;
        };
        return arm.setTextDigest(ByteString.copyFrom(digest(text)))
                .setOutputLength(text.codePointCount(0, text.length()))
                .setRefusal(refusal)
                .setRefusalDefinition(RefusalPhrases.DEFINITION)
                .build();
    }

    /// SHA-256 of the text in NFC, without white space around it.
    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(Normalizer.normalize(text.strip(), Normalizer.Form.NFC)
                            .getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no SHA-256", e);
        }
    }

    /// How the second answers beside the first; both answered.
    Comparison compare(Attempt reference, Attempt other) {
        double score = measure.map(of -> of.score(reference.text(), other.text()))
                .orElseGet(() -> reference.arm().getLabel().equals(other.arm().getLabel()) ? 1.0 : 0.0);
        return Comparison.newBuilder()
                .setDefinition(measure.map(Agreement::definition).orElse(SAME_LABEL))
                .setAgreement(score)
                .setAgrees(score >= AGREES)
                .build();
    }
}
