// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// Marks and blocks of a lane, one row each.
public record DeviceRows(List<Map.Entry<MarkKey, DeviceMark>> marks, List<Map.Entry<DeviceKey, DeviceBlocks>> blocks) {
    static DeviceRows of(Collection<Sender.Spool> spools, Collection<Sender.Blocks> rollouts) {
        List<Map.Entry<MarkKey, DeviceMark>> marks = new ArrayList<>();
        spools.forEach(spool -> marks.add(Map.entry(spool.key(), spool.mark())));
        List<Map.Entry<DeviceKey, DeviceBlocks>> blocks = new ArrayList<>();
        rollouts.forEach(each -> blocks.add(Map.entry(each.key(), each.blocks())));
        return new DeviceRows(marks, blocks);
    }
}
