// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import io.edgewise.contracts.Names;
import io.edgewise.contracts.Workload;
import io.edgewise.contracts.v1.DeviceContext;
import java.nio.file.Path;
import java.util.Map;

/// Who a device is and what it works on. `frontier` is the name of the frontier that the ports reach;
/// `mirrorQueue` bounds the mirrored requests that wait or run.
@SuppressWarnings("ArrayRecordComponent")
public record AgentSettings(
        String tenant,
        String device,
        String deviceToken,
        byte[] feedbackKey,
        Path folder,
        Workload workload,
        DeviceContext context,
        Map<String, String> slices,
        String frontier,
        int mirrorQueue,
        Policies policies) {
    static final int LONGEST_NAMES = 320;
    private static final int MOST_SLICES = 32;
    private static final int LONGEST_SLICE = 1024;

    public AgentSettings(
            String tenant,
            String device,
            String deviceToken,
            byte[] feedbackKey,
            Path folder,
            Workload workload,
            DeviceContext context,
            Map<String, String> slices,
            String frontier,
            int mirrorQueue) {
        this(
                tenant,
                device,
                deviceToken,
                feedbackKey,
                folder,
                workload,
                context,
                slices,
                frontier,
                mirrorQueue,
                Policies.DEFAULT);
    }

    public AgentSettings {
        Names.require("tenant", tenant);
        Names.require("device", device);
        Names.require("frontier", frontier);
        requireRoom(tenant, device, workload);
        // Throws for a definition that is not known here.
        var _ = AnswerRule.of(workload);
        if (feedbackKey.length == 0) {
            throw new IllegalArgumentException("device " + device + " has no feedback key; enrol it first");
        }
        if (mirrorQueue < 0) {
            throw new IllegalArgumentException("mirrorQueue is " + mirrorQueue + "; it must not be negative");
        }
        requireSlices(slices);
        feedbackKey = feedbackKey.clone();
        slices = Map.copyOf(slices);
    }

    /// Throws where a feedback token has no room for these names.
    public static void requireRoom(String tenant, String device, Workload workload) {
        int names = tenant.length() + device.length() + workload.name().length();
        if (names > LONGEST_NAMES) {
            throw new IllegalArgumentException("the names of tenant, device and workload have " + names
                    + " characters together; a feedback token of 512 bytes has room for " + LONGEST_NAMES
                    + ": choose shorter ones");
        }
    }

    /// Throws where these are no attributes to compare devices by.
    public static void requireSlices(Map<String, String> slices) {
        if (slices.size() > MOST_SLICES) {
            throw new IllegalArgumentException(
                    slices.size() + " slice attributes are too many; at most " + MOST_SLICES + " are recorded");
        }
        for (Map.Entry<String, String> slice : slices.entrySet()) {
            Names.require("slice attribute", slice.getKey());
            if (slice.getValue().length() > LONGEST_SLICE
                    || slice.getValue().chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("slice attribute " + slice.getKey()
                        + " must have a value of at most " + LONGEST_SLICE + " characters without control characters");
            }
        }
    }

    /// The same on a device that is this.
    AgentSettings with(DeviceContext about) {
        return new AgentSettings(
                tenant,
                device,
                deviceToken,
                feedbackKey,
                folder,
                workload,
                about,
                slices,
                frontier,
                mirrorQueue,
                policies);
    }

    @Override
    public byte[] feedbackKey() {
        return feedbackKey.clone();
    }

    @Override
    public String toString() {
        return "AgentSettings[" + tenant + "/" + device + ", " + workload.name() + ", " + folder + "]";
    }
}
