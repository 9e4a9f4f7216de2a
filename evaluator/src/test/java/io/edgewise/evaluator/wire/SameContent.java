// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.LabelHash;
import io.edgewise.contracts.ObservationFaults;
import io.edgewise.contracts.Probabilities;
import io.edgewise.contracts.v1.Arm;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.Refusal;
import java.util.HashMap;
import java.util.Map;

/// Whether a [Request] says what its message says, field by field.
final class SameContent {
    private SameContent() {}

    static void check(Request request, Observation message) {
        identity(request, message);
        assertThat(request.eventTimeMs()).isEqualTo(message.getEventTimeMs());
        assertThat(request.stage()).isEqualTo(message.getStage());
        assertThat(request.cohort()).isEqualTo(known(message.getCohortValue(), 2));
        assertThat(request.served()).isEqualTo(message.getServedValue());
        assertThat(request.hasFallbackReason())
                .isEqualTo(!message.getFallbackReason().isEmpty());
        assertThat(request.isOffline()).isEqualTo(message.getOffline());
        assertThat(request.isEscalated()).isEqualTo(message.getEscalated());
        assertThat(request.isPairingSelected()).isEqualTo(message.getPairingSelected());
        assertThat(request.pairingRateBp()).isEqualTo(message.getPairingRateBp());
        assertThat(request.latencyUs()).isEqualTo(message.getServedLatencyUs());
        assertThat(request.hasFirstToken()).isEqualTo(message.hasServedTimeToFirstTokenUs());
        if (request.hasFirstToken()) {
            assertThat(request.firstTokenUs()).isEqualTo(message.getServedTimeToFirstTokenUs());
        }
        assertThat(request.hasCost()).isEqualTo(message.hasServedCost());
        assertThat(request.costNanos()).isEqualTo(message.getServedCost().getNanos());
        assertThat(request.hasComparison()).isEqualTo(message.hasComparison());
        assertThat(request.agreement()).isEqualTo(message.getComparison().getAgreement());
        assertThat(request.agrees()).isEqualTo(message.getComparison().getAgrees());
        attributes(request, message);
        assertThat(request.arms()).isEqualTo(message.getArmsCount());
        for (int i = 0; i < request.arms(); i++) {
            arm(request.arm(i), message.getArms(i));
        }
    }

    private static void identity(Request request, Observation message) {
        assertThat(request.tenant().text()).isEqualTo(message.getTenant());
        assertThat(request.device().text()).isEqualTo(message.getDevice());
        assertThat(request.epoch()).isEqualTo(message.getSpoolEpoch());
        assertThat(request.seq()).isEqualTo(message.getSeq());
        assertThat(request.lastSeq()).isEqualTo(message.getTotals().getLastSeq());
        assertThat(request.isTraffic()).isEqualTo(ObservationFaults.isTraffic(message));
        assertThat(request.workload().text()).isEqualTo(message.getWorkload());
        assertThat(request.rollout().text()).isEqualTo(message.getRollout());
        assertThat(request.deviceClass().text()).isEqualTo(message.getContext().getDeviceClass());
        assertThat(request.isEmulated()).isEqualTo(message.getContext().getEmulated());
    }

    private static void attributes(Request request, Observation message) {
        Map<String, Double> features = new HashMap<>();
        for (int i = 0; i < request.features(); i++) {
            features.put(request.featureName(i).text(), request.featureValue(i));
        }
        assertThat(features).isEqualTo(message.getFeaturesMap()).hasSize(request.features());
        Map<String, String> slices = new HashMap<>();
        for (int i = 0; i < request.slices(); i++) {
            slices.put(request.sliceName(i).text(), request.sliceValue(i).text());
        }
        assertThat(slices).isEqualTo(message.getSlicesMap()).hasSize(request.slices());
    }

    private static void arm(Answer answer, Arm arm) {
        assertThat(answer.role()).isEqualTo(arm.getRoleValue());
        assertThat(answer.label().text()).isEqualTo(arm.getLabel());
        assertThat(answer.label().labelBucket()).isEqualTo(LabelHash.bucket(arm.getLabel()));
        assertThat(answer.errorCode().text()).isEqualTo(arm.getErrorCode());
        assertThat(answer.failed())
                .isEqualTo(!arm.getErrorCode().isEmpty() || arm.hasSchemaValid() && !arm.getSchemaValid());
        assertThat(answer.hasConfidence()).isEqualTo(arm.hasConfidence());
        if (answer.hasConfidence()) {
            assertThat(answer.confidence()).isEqualTo(arm.getConfidence());
        }
        assertThat(answer.isUnnormalised()).isEqualTo(Probabilities.areUnnormalised(arm));
        assertThat(answer.hasEntropy()).isEqualTo(arm.hasEntropy());
        if (answer.hasEntropy()) {
            assertThat(answer.entropy()).isEqualTo(arm.getEntropy());
        }
        assertThat(answer.hasTokens()).isEqualTo(arm.hasTokensIn() || arm.hasTokensOut());
        assertThat(answer.tokensIn()).isEqualTo(arm.getTokensIn());
        assertThat(answer.tokensOut()).isEqualTo(arm.getTokensOut());
        assertThat(answer.hasOutputLength()).isEqualTo(arm.hasOutputLength());
        assertThat(answer.outputLength()).isEqualTo(arm.getOutputLength());
        assertThat(answer.hasFirstToken()).isEqualTo(arm.hasTimeToFirstTokenUs());
        if (answer.hasFirstToken()) {
            assertThat(answer.firstTokenUs()).isEqualTo(arm.getTimeToFirstTokenUs());
        }
        assertThat(answer.latencyUs()).isEqualTo(arm.getLatencyUs());
        assertThat(answer.hasCost()).isEqualTo(arm.hasCost());
        assertThat(answer.costNanos()).isEqualTo(arm.getCost().getNanos());
        assertThat(answer.hasRefusalClass())
                .isEqualTo(arm.getRefusal() != Refusal.REFUSAL_UNSPECIFIED && arm.getRefusal() != Refusal.UNRECOGNIZED);
        assertThat(answer.refused()).isEqualTo(arm.getRefusal() == Refusal.REFUSAL_REFUSED);
    }

    /// A number that this program does not know counts as not stated.
    private static int known(int value, int highest) {
        return value < 0 || value > highest ? 0 : value;
    }
}
