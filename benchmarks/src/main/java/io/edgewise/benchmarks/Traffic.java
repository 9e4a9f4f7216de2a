// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import java.util.LinkedHashMap;
import java.util.Map;

/// What a fleet sends.
///
/// @param devices whose records these are
/// @param rollouts live ones; a device takes part in one of them
/// @param attributes declared slice attributes of each record, beside its device class
/// @param values of each attribute; no more device classes either
/// @param partitions of the topic that hold any record
/// @param hot who gets more than its share
record Traffic(int devices, int rollouts, int attributes, int values, int partitions, Hot hot) {
    /// Gets 80 % of the records.
    enum Hot {
        NOBODY,
        ONE_ROLLOUT,
        ONE_DEVICE
    }

    /// Slice "all" alone: no attribute, and no device class.
    static final int ALL_ONLY = -1;

    static Traffic of(int devices) {
        return new Traffic(devices, 1, ALL_ONLY, 4, 64, Hot.NOBODY);
    }

    Traffic withRollouts(int number) {
        return new Traffic(devices, number, attributes, values, partitions, hot);
    }

    Traffic withAttributes(int number, int valuesEach) {
        return new Traffic(devices, rollouts, number, valuesEach, partitions, hot);
    }

    Traffic withPartitions(int number) {
        return new Traffic(devices, rollouts, attributes, values, number, hot);
    }

    Traffic withHot(Hot who) {
        return new Traffic(devices, rollouts, attributes, values, partitions, who);
    }

    boolean hasDeviceClass() {
        return attributes >= 0;
    }

    int deviceClasses() {
        return hasDeviceClass() ? Math.min(values, SampleObservations.DEVICE_CLASSES) : 0;
    }

    /// Slices that each record counts in: "all", the device class, and the declared ones.
    int slicesEach() {
        return 2 + attributes;
    }

    /// Keys that are live at once: rollout x slice, with one stratum each.
    int keys() {
        return rollouts * (1 + deviceClasses() + Math.max(0, attributes) * values);
    }

    Map<String, Object> said() {
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("devices", devices);
        said.put("rollouts", rollouts);
        said.put("slicesEachCountsIn", slicesEach());
        said.put("slicesAre", slices());
        said.put("liveKeys", keys());
        said.put("partitionsWithRecords", partitions);
        said.put("hot", hot.name());
        return said;
    }

    private String slices() {
        if (!hasDeviceClass()) {
            return "all";
        }
        return "all, device_class"
                + (attributes == 0 ? "" : ", " + attributes + " declared attributes of " + values + " values");
    }
}
