// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The marks of all spools that write to one lane.
final class Marks {
    private final Map<MarkKey, DeviceMark> all = new HashMap<>();
    private final List<Map.Entry<MarkKey, DeviceMark>> dirty = new ArrayList<>();

    void restore(MarkKey key, DeviceMark mark) {
        all.put(key, mark);
    }

    /// For a change: it will be written with the next flush.
    DeviceMark touch(Identity identity) {
        MarkKey key = identity.mark();
        DeviceMark mark = all.get(key);
        if (mark == null) {
            mark = new DeviceMark();
            all.put(key, mark);
        }
        if (!mark.isDirty()) {
            mark.dirty(true);
            dirty.add(Map.entry(key, mark));
        }
        return mark;
    }

    List<Map.Entry<MarkKey, DeviceMark>> dirty() {
        return dirty;
    }

    void written() {
        dirty.forEach(entry -> entry.getValue().dirty(false));
        dirty.clear();
    }
}
