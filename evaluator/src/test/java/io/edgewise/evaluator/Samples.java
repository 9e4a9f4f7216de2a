// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import com.google.protobuf.ByteString;
import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.contracts.LabelHash;
import io.edgewise.contracts.Topics;
import io.edgewise.contracts.v1.Arm;
import io.edgewise.contracts.v1.ArmSummary;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.contracts.v1.Comparison;
import io.edgewise.contracts.v1.DeviceContext;
import io.edgewise.contracts.v1.EdgeBuild;
import io.edgewise.contracts.v1.Feedback;
import io.edgewise.contracts.v1.FeedbackContext;
import io.edgewise.contracts.v1.FeedbackToken;
import io.edgewise.contracts.v1.HoldoutItem;
import io.edgewise.contracts.v1.Money;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.ObservationKind;
import io.edgewise.contracts.v1.Refusal;
import io.edgewise.contracts.v1.Role;
import io.edgewise.contracts.v1.Totals;

/// Records as agents send them.
public final class Samples {
    public static final String TENANT = "default";
    public static final String WORKLOAD = "voice-ivr-intent";
    public static final String ROLLOUT = "01J8ZQ4Y7N3T5V6W8X9Y0Z1A2B";
    public static final long EPOCH = 0x7eed_f00dL;
    public static final DeviceSecrets SECRETS = new DeviceSecrets(new byte[32]);

    private Samples() {}

    /// A pair in shadow, both arms saying "balance".
    public static Observation.Builder pair(String device, long seq, long eventMs) {
        return Observation.newBuilder()
                .setTenant(TENANT)
                .setDevice(device)
                .setSpoolEpoch(EPOCH)
                .setSeq(seq)
                .setKind(ObservationKind.OBSERVATION_KIND_REQUEST)
                .setId(ByteString.copyFrom(new byte[16]))
                .setEventTimeMs(eventMs)
                .setWorkload(WORKLOAD)
                .setWorkloadVersion(1)
                .setRollout(ROLLOUT)
                .setRevision(7)
                .setCohort(Cohort.COHORT_CONTROL)
                .setServed(Role.ROLE_CHAMPION)
                .setPairingSelected(true)
                .setPairingRateBp(10_000)
                .setServedLatencyUs(120_000)
                .setServedCost(money(3_000))
                .setContext(DeviceContext.newBuilder().setDeviceClass("phone"))
                .addArms(champion("balance"))
                .addArms(challenger("balance", 0.9))
                .setComparison(agreement(true))
                .setTotals(Totals.newBuilder().setLastSeq(seq));
    }

    /// An example of a reference set, which the build answered rightly or not.
    public static Observation.Builder holdout(String device, long seq, long eventMs, boolean correct) {
        return pair(device, seq, eventMs)
                .setKind(ObservationKind.OBSERVATION_KIND_HOLDOUT)
                .setHoldout(HoldoutItem.newBuilder()
                        .setReference("intents")
                        .setReferenceSha256("0123456789abcdef")
                        .setItem("17")
                        .setTruthLabel("balance")
                        .setCorrect(correct)
                        .setRun(1)
                        .setItems(400))
                .clearRollout()
                .clearServed()
                .clearServedCost()
                .clearPairingSelected()
                .clearPairingRateBp()
                .clearComparison()
                .clearArms()
                .addArms(challenger(correct ? "balance" : "transfer", 0.9).toBuilder()
                        .setEdge(EdgeBuild.newBuilder().setBuild("intent-int4")));
    }

    public static Arm champion(String label) {
        return Arm.newBuilder()
                .setRole(Role.ROLE_CHAMPION)
                .setLabel(label)
                .setRefusal(Refusal.REFUSAL_ANSWERED)
                .setLatencyUs(110_000)
                .setCost(money(3_000))
                .setTokensIn(12)
                .setTokensOut(2)
                .build();
    }

    public static Arm challenger(String label, double confidence) {
        return Arm.newBuilder()
                .setRole(Role.ROLE_CHALLENGER)
                .setLabel(label)
                .setConfidence(confidence)
                .setEntropy(0.25)
                .setRefusal(Refusal.REFUSAL_ANSWERED)
                .setLatencyUs(900)
                .build();
    }

    public static Arm failed(Role role) {
        return Arm.newBuilder().setRole(role).setErrorCode("timeout").build();
    }

    public static Comparison agreement(boolean agrees) {
        return Comparison.newBuilder()
                .setDefinition("same-label/1")
                .setAgreement(agrees ? 1 : 0)
                .setAgrees(agrees)
                .build();
    }

    public static Money money(long nanos) {
        return Money.newBuilder()
                .setNanos(nanos)
                .setCurrency("USD")
                .setPriceCard("1")
                .build();
    }

    /// The context of a pair in which the challenger said one thing and the champion another.
    public static FeedbackContext.Builder context(
            String device, long minute, String challenger, double confidence, String champion) {
        return FeedbackContext.newBuilder()
                .setTenant(TENANT)
                .setDevice(device)
                .setWorkload(WORKLOAD)
                .setRollout(ROLLOUT)
                .setRevision(7)
                .setCohort(Cohort.COHORT_CONTROL)
                .setMinute(minute)
                .setPairingRateBp(10_000)
                .setServed(Role.ROLE_CHAMPION)
                .addArms(ArmSummary.newBuilder()
                        .setRole(Role.ROLE_CHALLENGER)
                        .setLabelHash(LabelHash.of(challenger))
                        .setConfidence(confidence))
                .addArms(ArmSummary.newBuilder().setRole(Role.ROLE_CHAMPION).setLabelHash(LabelHash.of(champion)));
    }

    public static Feedback.Builder truth(FeedbackContext context, long seq, long givenMs, String label) {
        return Feedback.newBuilder()
                .setTenant(TENANT)
                .setSource(context.getDevice())
                .setSourceEpoch(EPOCH)
                .setSeq(seq)
                .setGivenAtMs(givenMs)
                .setToken(token(context).toByteString())
                .setTruthLabel(label);
    }

    public static FeedbackToken token(FeedbackContext context) {
        byte[] key = SECRETS.feedbackKey(context.getTenant(), context.getDevice());
        return FeedbackToken.newBuilder()
                .setContext(context.toByteString())
                .setMac(ByteString.copyFrom(DeviceSecrets.mac(key, context.toByteArray())))
                .build();
    }

    public static Inbound inbound(long offset, long appendMs, Observation observation) {
        return new Inbound(
                offset,
                appendMs,
                Topics.key(observation.getTenant(), observation.getDevice()),
                Topics.OBSERVATION_SCHEMA,
                observation.toByteArray());
    }

    public static Inbound inbound(long offset, long appendMs, Feedback feedback) {
        return new Inbound(
                offset,
                appendMs,
                Topics.key(feedback.getTenant(), feedback.getSource()),
                Topics.FEEDBACK_SCHEMA,
                feedback.toByteArray());
    }
}
