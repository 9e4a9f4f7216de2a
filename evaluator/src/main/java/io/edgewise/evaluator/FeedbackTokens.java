// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import com.google.protobuf.InvalidProtocolBufferException;
import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.contracts.Fault;
import io.edgewise.contracts.Names;
import io.edgewise.contracts.Ulid;
import io.edgewise.contracts.v1.ArmSummary;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.contracts.v1.Feedback;
import io.edgewise.contracts.v1.FeedbackContext;
import io.edgewise.contracts.v1.FeedbackToken;
import io.edgewise.contracts.v1.Role;
import java.security.MessageDigest;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/// Opens the token that feedback carries: only a context that the device vouched for, and that makes sense, is counted.
public final class FeedbackTokens {
    private static final long FUTURE_MS = 5 * 60_000;
    private static final int MOST_ARMS = 8;
    private static final int MOST_SLICES = 32;

    private final DeviceSecrets secrets;

    public FeedbackTokens(DeviceSecrets secrets) {
        this.secrets = secrets;
    }

    sealed interface Opened permits Context, Refused {}

    record Context(FeedbackContext context) implements Opened {}

    record Refused(Fault fault) implements Opened {}

    Opened open(Feedback feedback, long appendTimeMs) {
        FeedbackToken token;
        FeedbackContext context;
        try {
            token = FeedbackToken.parseFrom(feedback.getToken());
            context = FeedbackContext.parseFrom(token.getContext());
        } catch (InvalidProtocolBufferException e) {
            return refused("token", "token", "the token is not one that a device gave out: " + e.getMessage());
        }
        if (!Names.isValid(context.getTenant()) || !Names.isValid(context.getDevice())) {
            return refused("token", "token.device", "the token names no valid tenant and device");
        }
        byte[] expected = DeviceSecrets.mac(
                secrets.feedbackKey(context.getTenant(), context.getDevice()),
                token.getContext().toByteArray());
        if (!MessageDigest.isEqual(expected, token.getMac().toByteArray())) {
            return refused("token_mac", "token.mac", "the token was not made by the device it names");
        }
        if (!context.getTenant().equals(feedback.getTenant())) {
            return refused("token_tenant", "token.tenant", "the token belongs to another tenant");
        }
        return check(context, appendTimeMs);
    }

    private static Opened check(FeedbackContext context, long appendTimeMs) {
        if (!Names.isValid(context.getWorkload())) {
            return refused("malformed", "token.workload", "the token names no valid workload");
        }
        if (!context.getRollout().isEmpty()) {
            if (!Ulid.isValid(context.getRollout())) {
                return refused("malformed", "token.rollout", "rollout must be a ULID");
            }
            if (context.getCohort() != Cohort.COHORT_CONTROL && context.getCohort() != Cohort.COHORT_CANARY) {
                return refused("missing", "token.cohort", "cohort must be CONTROL or CANARY");
            }
            if (context.getStage() < 0 || context.getStage() > 99) {
                return refused("range", "token.stage", "must lie in 0..99, not " + context.getStage());
            }
            if (context.getPairingRateBp() < 0 || context.getPairingRateBp() > 10_000) {
                return refused("range", "token.pairing_rate_bp", "must lie in 0..10000");
            }
        }
        long latestMinute = (appendTimeMs + FUTURE_MS) / WindowKey.MINUTE_MS;
        if (context.getMinute() < 0 || context.getMinute() > latestMinute) {
            return refused("timestamp", "token.minute", context.getMinute() + " is not a minute of the past");
        }
        if (!armsMakeSense(context)) {
            return refused("range", "token.arms", "at most one arm of each role, confidence in [0, 1]");
        }
        if (!slicesMakeSense(context.getSlicesMap())) {
            return refused("malformed", "token.slices", "at most " + MOST_SLICES + " named attributes");
        }
        return new Context(context);
    }

    private static boolean armsMakeSense(FeedbackContext context) {
        if (context.getArmsCount() > MOST_ARMS) {
            return false;
        }
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (ArmSummary arm : context.getArmsList()) {
            if (arm.getRole() == Role.ROLE_UNSPECIFIED
                    || arm.getRole() == Role.UNRECOGNIZED
                    || !roles.add(arm.getRole())) {
                return false;
            }
            double confidence = arm.getConfidence();
            if (arm.hasConfidence() && !(confidence >= 0 && confidence <= 1 + 1e-6)) {
                return false;
            }
        }
        return true;
    }

    private static boolean slicesMakeSense(Map<String, String> slices) {
        return slices.size() <= MOST_SLICES && slices.keySet().stream().allMatch(Names::isValid);
    }

    private static Refused refused(String code, String field, String message) {
        return new Refused(new Fault(code, field, message));
    }
}
