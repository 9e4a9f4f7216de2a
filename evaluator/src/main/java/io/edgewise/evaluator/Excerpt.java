// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import io.edgewise.contracts.v1.Arm;
import io.edgewise.contracts.v1.DeviceContext;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.Role;

/// What of an observation is kept in the sample of disagreements: a function of its bytes, at most
/// [#MOST_BYTES] long, and always an `Observation`.
///
/// With texts: the bytes as they were sent, if they fit. Otherwise, and without texts: the message without
/// the request's and the arms' texts, without their uses, and without fields this program does not know. If
/// that does not fit either: who, where and when, and of the pair's two arms what the comparison rests on.
final class Excerpt {
    static final int MOST_BYTES = 8 * 1024;

    private static final int LONGEST_DIGEST = 64;

    private Excerpt() {}

    /// `record` holds an observation that was judged to be sound.
    static byte[] of(byte[] record, boolean keepText) {
        if (keepText && record.length <= MOST_BYTES) {
            return record;
        }
        Observation message = parse(record);
        byte[] wordless = wordless(message).toByteArray();
        return wordless.length <= MOST_BYTES ? wordless : bare(message).toByteArray();
    }

    private static Observation parse(byte[] record) {
        try {
            return DiscardUnknownFieldsParser.wrap(Observation.parser()).parseFrom(record);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("a sound observation cannot be decoded", e);
        }
    }

    private static Observation wordless(Observation message) {
        Observation.Builder kept = message.toBuilder();
        kept.getArmsBuilderList().forEach(Arm.Builder::clearText);
        return kept.clearRequestText().clearTextUses().build();
    }

    /// Every text in here has a limit of its own.
    private static Observation bare(Observation message) {
        Observation.Builder kept = message.toBuilder()
                .clearArms()
                .clearFeatures()
                .clearSlices()
                .clearDropped()
                .clearDropReason()
                .clearRequestText()
                .clearTextUses()
                .clearServedCost()
                .clearFallbackReason()
                .setContext(DeviceContext.newBuilder()
                        .setDeviceClass(message.getContext().getDeviceClass()));
        for (Arm arm : message.getArmsList()) {
            if (arm.getRole() == Role.ROLE_CHAMPION || arm.getRole() == Role.ROLE_CHALLENGER) {
                kept.addArms(bare(arm));
            }
        }
        return kept.build();
    }

    private static Arm.Builder bare(Arm arm) {
        Arm.Builder kept = Arm.newBuilder()
                .setRole(arm.getRole())
                .setLabel(arm.getLabel())
                .setRefusal(arm.getRefusal())
                .setLatencyUs(arm.getLatencyUs());
        if (arm.getTextDigest().size() <= LONGEST_DIGEST) {
            kept.setTextDigest(arm.getTextDigest());
        }
        if (arm.hasConfidence()) {
            kept.setConfidence(arm.getConfidence());
        }
        if (arm.hasEntropy()) {
            kept.setEntropy(arm.getEntropy());
        }
        return kept;
    }
}
