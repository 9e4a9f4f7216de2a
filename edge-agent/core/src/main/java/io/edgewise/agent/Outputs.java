// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import com.google.protobuf.ByteString;
import io.edgewise.contracts.Workload;
import io.edgewise.contracts.v1.Arm;
import io.edgewise.contracts.v1.Comparison;
import io.edgewise.contracts.v1.Refusal;
import io.edgewise.statistics.text.RefusalPhrases;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.Optional;

/// What an arm's output amounts to, by the workload's definition: a label; a text of which only its
/// digest, its length and whether it refuses leave this place; or calls of tools, of which the same is
/// true. Pure.
final class Outputs {
    private static final String LABEL_SET = "label-set/1";
    private static final int LONGEST_TEXT = 1 << 20;

    private final Workload workload;
    private final AnswerRule rule;

    /// Throws for what this agent cannot compute.
    Outputs(Workload workload) {
        this.workload = workload;
        this.rule = AnswerRule.of(workload);
    }

    /// The arm with what it said, or as a failure. An answer that calls tools is one, whatever the
    /// workload: it is with the app to go on.
    Attempt judged(Arm.Builder arm, String said, Optional<String> toolCalls, Optional<Reply> reply) {
        return toolCalls.isPresent()
                ? new Attempt(calling(arm, toolCalls.get()), reply, toolCalls.get(), true)
                : new Attempt(judged(arm, said), reply, said);
    }

    Arm judged(Arm.Builder arm, String said) {
        return switch (rule.form()) {
            case LABEL -> label(arm, said);
            case TEXT -> text(arm, said);
            case JSON, RANKING -> text(arm.setSchemaValid(rule.admits(said)), said);
        };
    }

    /// An output that is not a label of the workload is a failure; what it was stays on the device.
    private Arm label(Arm.Builder arm, String label) {
        boolean isValid = rule.admits(label)
                && (workload.labels().isEmpty() || workload.labels().contains(label));
        arm.setSchemaValid(isValid);
        if (!isValid) {
            return invalid(arm);
        }
        return arm.setLabel(label)
                .setOutputLength(label.length())
                .setRefusal(
                        workload.refusalLabels().contains(label) ? Refusal.REFUSAL_REFUSED : Refusal.REFUSAL_ANSWERED)
                .setRefusalDefinition(LABEL_SET)
                .build();
    }

    /// A refusal in words is an answer, also where JSON was asked for.
    private static Arm text(Arm.Builder arm, String text) {
        if (text.isBlank() || text.length() > LONGEST_TEXT) {
            return invalid(arm);
        }
        Refusal refusal = switch (RefusalPhrases.of(text)) {
            case ANSWERED -> Refusal.REFUSAL_ANSWERED;
            case PARTIAL -> Refusal.REFUSAL_PARTIAL;
            case REFUSED -> Refusal.REFUSAL_REFUSED;
        };
        boolean isUnusable = arm.hasSchemaValid() && !arm.getSchemaValid() && refusal == Refusal.REFUSAL_ANSWERED;
        return isUnusable
                ? invalid(arm)
                : said(arm, text)
                        .setRefusal(refusal)
                        .setRefusalDefinition(RefusalPhrases.DEFINITION)
                        .build();
    }

    private static Arm calling(Arm.Builder arm, String calls) {
        return calls.length() > LONGEST_TEXT
                ? invalid(arm)
                : said(arm, calls)
                        .setRefusal(Refusal.REFUSAL_ANSWERED)
                        .setRefusalDefinition(AnswerRule.TOOL_CALLS.definition())
                        .build();
    }

    private static Arm.Builder said(Arm.Builder arm, String text) {
        return arm.clearTop()
                .setTextDigest(ByteString.copyFrom(digest(text)))
                .setOutputLength(text.codePointCount(0, text.length()));
    }

    private static Arm invalid(Arm.Builder arm) {
        return arm.setErrorCode(Attempt.INVALID_OUTPUT).clearTop().build();
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

    /// How the second answers beside the first; both answered. Where one of them calls tools they agree
    /// only if both call the same ones with the same arguments.
    Comparison compare(Attempt reference, Attempt other) {
        boolean isCall = reference.callsTools() || other.callsTools();
        AnswerRule by = isCall ? AnswerRule.TOOL_CALLS : rule;
        boolean isAlike = reference.callsTools() == other.callsTools();
        double score = isAlike ? by.score().applyAsDouble(reference.text(), other.text()) : 0;
        return Comparison.newBuilder()
                .setDefinition(by.definition())
                .setAgreement(score)
                .setAgrees(score >= by.threshold())
                .build();
    }
}
