// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.judge;

import com.google.protobuf.ByteString;
import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.contracts.LabelHash;
import io.edgewise.contracts.Probabilities;
import io.edgewise.contracts.v1.Arm;
import io.edgewise.contracts.v1.ArmSummary;
import io.edgewise.contracts.v1.Feedback;
import io.edgewise.contracts.v1.FeedbackContext;
import io.edgewise.contracts.v1.FeedbackToken;
import io.edgewise.contracts.v1.Judgement;
import io.edgewise.contracts.v1.Observation;
import java.util.TreeMap;

/// A verdict as a feedback record: what the device would have sent had it been told. The token is made of the stored
/// observation and vouched for with the device's key, which the server can derive.
public final class Sealed {
    private static final int LONGEST_TOKEN = 512;
    private static final long MINUTE_MS = 60_000;

    private Sealed() {}

    /// Where a verdict stands in the records of who says it.
    public record Place(String tenant, String source, long epoch, long seq) {}

    /// `said` is a verdict, or the true label.
    public sealed interface Said {
        record Judged(String judge, Verdict verdict) implements Said {}

        record Truth(String label) implements Said {}
    }

    public static Feedback feedback(Place place, long givenAtMs, byte[] token, Said said) {
        Feedback.Builder feedback = Feedback.newBuilder()
                .setTenant(place.tenant())
                .setSource(place.source())
                .setSourceEpoch(place.epoch())
                .setSeq(place.seq())
                .setGivenAtMs(givenAtMs)
                .setToken(ByteString.copyFrom(token));
        switch (said) {
            case Said.Judged judged ->
                feedback.setJudgement(Judgement.newBuilder()
                        .setJudge(judged.judge())
                        .setVerdict(judged.verdict().counted()));
            case Said.Truth truth -> feedback.setTruthLabel(truth.label());
        }
        return feedback.build();
    }

    /// Slices that would make the token too long are left out, as on the device.
    public static byte[] token(Observation observation, DeviceSecrets secrets) {
        byte[] key = secrets.feedbackKey(observation.getTenant(), observation.getDevice());
        FeedbackContext.Builder context = context(observation);
        TreeMap<String, String> slices = new TreeMap<>(observation.getSlicesMap());
        byte[] token = token(context.putAllSlices(slices).build(), key);
        while (token.length > LONGEST_TOKEN && !slices.isEmpty()) {
            slices.pollLastEntry();
            token = token(context.clearSlices().putAllSlices(slices).build(), key);
        }
        return token;
    }

    private static byte[] token(FeedbackContext context, byte[] key) {
        byte[] bytes = context.toByteArray();
        return FeedbackToken.newBuilder()
                .setContext(ByteString.copyFrom(bytes))
                .setMac(ByteString.copyFrom(DeviceSecrets.mac(key, bytes)))
                .build()
                .toByteArray();
    }

    private static FeedbackContext.Builder context(Observation observation) {
        FeedbackContext.Builder context = FeedbackContext.newBuilder()
                .setObservation(observation.getId())
                .setTenant(observation.getTenant())
                .setDevice(observation.getDevice())
                .setWorkload(observation.getWorkload())
                .setRollout(observation.getRollout())
                .setRevision(observation.getRevision())
                .setStage(observation.getStage())
                .setCohort(observation.getCohort())
                .setMinute(Math.floorDiv(observation.getEventTimeMs(), MINUTE_MS))
                .setPairingRateBp(observation.getPairingRateBp())
                .setEscalated(observation.getEscalated())
                .setServed(observation.getServed());
        observation.getArmsList().forEach(arm -> context.addArms(summary(arm)));
        return context;
    }

    private static ArmSummary summary(Arm arm) {
        ArmSummary.Builder summary = ArmSummary.newBuilder().setRole(arm.getRole());
        if (!arm.getErrorCode().isEmpty()) {
            return summary.setFailed(true).build();
        }
        if (!arm.getLabel().isEmpty()) {
            summary.setLabelHash(LabelHash.of(arm.getLabel()));
        }
        if (arm.hasConfidence() && !Probabilities.areUnnormalised(arm)) {
            summary.setConfidence(arm.getConfidence());
        }
        return summary.build();
    }
}
