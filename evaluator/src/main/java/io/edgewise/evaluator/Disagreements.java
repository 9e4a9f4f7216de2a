// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The samples of pairs that disagree, by window.
///
/// The database holds what was written of a window, and its smallest chances are the sample. A window that is forgotten
/// here only costs rows: a few more than the sample are written then, and the keeper trims them.
final class Disagreements {
    /// Windows that are remembered from flush to flush.
    static final int MOST_REMEMBERED = 4_096;

    private final SamplePolicy policy;
    private final Map<WindowKey, UniformSample> samples = new LinkedHashMap<>(16, 0.75f, true);
    private final List<UniformSample> dirty = new ArrayList<>();
    private long freshBytes;

    Disagreements(SamplePolicy policy) {
        this.policy = policy;
    }

    UniformSample of(WindowKey window) {
        return samples.computeIfAbsent(window, unseen -> new UniformSample(window, policy.perWindow()));
    }

    /// Takes in the record when the sample wants it. Others cost one comparison.
    void offer(UniformSample sample, long chance, byte[] record) {
        if (!sample.isWanted(chance)) {
            return;
        }
        if (!sample.isDirty()) {
            dirty.add(sample);
        }
        freshBytes += sample.add(chance, Excerpt.of(record, policy.keepText()));
    }

    /// Bytes that wait to be written.
    long freshBytes() {
        return freshBytes;
    }

    /// Windows in memory.
    int remembered() {
        return samples.size();
    }

    List<BookChanges.Disagreement> fresh() {
        List<BookChanges.Disagreement> rows = new ArrayList<>();
        for (UniformSample sample : dirty) {
            sample.fresh((chance, content) -> rows.add(new BookChanges.Disagreement(sample.window(), chance, content)));
        }
        return rows;
    }

    void written() {
        dirty.forEach(UniformSample::written);
        dirty.clear();
        freshBytes = 0;
        Iterator<UniformSample> eldest = samples.values().iterator();
        for (int excess = samples.size() - MOST_REMEMBERED; excess > 0; excess--) {
            eldest.next();
            eldest.remove();
        }
    }
}
