// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.edgewise.contracts.DeviceSecrets.Principal;
import io.edgewise.contracts.Fault;
import io.edgewise.contracts.FeedbackFaults;
import io.edgewise.contracts.Topics;
import io.edgewise.contracts.v1.Feedback;
import io.edgewise.contracts.v1.FeedbackContext;
import io.edgewise.contracts.v1.FeedbackToken;
import io.edgewise.contracts.v1.SeqRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What was said on a device about its own answers. Whether a token is genuine is for the evaluator to say, which
/// counts it.
public final class Feedbacks implements RecordKind<Feedback> {
    @Override
    public String plural() {
        return "feedback records";
    }

    @Override
    public String topic() {
        return Topics.FEEDBACK;
    }

    @Override
    public String schema() {
        return Topics.FEEDBACK_SCHEMA;
    }

    @Override
    public Parser<Feedback> parser() {
        return Feedback.parser();
    }

    @Override
    public Message.Builder builder() {
        return Feedback.newBuilder();
    }

    @Override
    public int epochField() {
        return Feedback.SOURCE_EPOCH_FIELD_NUMBER;
    }

    @Override
    public int seqField() {
        return Feedback.SEQ_FIELD_NUMBER;
    }

    @Override
    public String epochName() {
        return "sourceEpoch";
    }

    @Override
    public long epoch(Feedback feedback) {
        return feedback.getSourceEpoch();
    }

    @Override
    public long seq(Feedback feedback) {
        return feedback.getSeq();
    }

    @Override
    public Feedback named(Feedback arrived, Principal principal) {
        if (!arrived.getTenant().isEmpty() && !arrived.getSource().isEmpty()) {
            return arrived;
        }
        Feedback.Builder named = arrived.toBuilder();
        if (arrived.getTenant().isEmpty()) {
            named.setTenant(principal.tenant());
        }
        if (arrived.getSource().isEmpty()) {
            named.setSource(principal.device());
        }
        return named.build();
    }

    @Override
    public List<Fault> foreign(Feedback feedback, Principal principal) {
        List<Fault> faults = new ArrayList<>();
        if (!feedback.getTenant().equals(principal.tenant())) {
            faults.add(RecordKind.foreign("tenant", principal.tenant()));
        }
        if (!feedback.getSource().equals(principal.device())) {
            faults.add(RecordKind.foreign("source", principal.device()));
        }
        return faults;
    }

    @Override
    public List<Fault> faults(Feedback feedback, long nowMs) {
        List<Fault> faults = new ArrayList<>(FeedbackFaults.of(feedback, nowMs));
        if (feedback.getDroppedCount() == 0 && !feedback.getToken().isEmpty() && !isOwn(feedback)) {
            faults.add(
                    new Fault(
                            "principal",
                            "token",
                            "is none of an answer of this device; send the token as the answer carried it, by the device that gave it"));
        }
        return faults;
    }

    /// Whether the answer spoken of is one that the source gave.
    private static boolean isOwn(Feedback feedback) {
        try {
            FeedbackContext context = FeedbackContext.parseFrom(
                    FeedbackToken.parseFrom(feedback.getToken()).getContext());
            return context.getTenant().equals(feedback.getTenant())
                    && context.getDevice().equals(feedback.getSource());
        } catch (InvalidProtocolBufferException e) {
            return false;
        }
    }

    @Override
    public Feedback dropped(Principal principal, Gap gap, Optional<Feedback> rejected) {
        return Feedback.newBuilder()
                .setTenant(principal.tenant())
                .setSource(principal.device())
                .setSourceEpoch(gap.epoch())
                .setSeq(gap.seq())
                .setGivenAtMs(gap.nowMs())
                .addDropped(SeqRange.newBuilder().setFirst(gap.seq()).setLast(gap.seq()))
                .setDropReason(gap.reason())
                .build();
    }
}
