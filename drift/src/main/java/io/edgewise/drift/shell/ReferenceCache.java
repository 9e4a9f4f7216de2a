// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell;

import java.util.LinkedHashMap;
import java.util.Map;

/// Baselines that were read lately, by their id: a version never changes, so it need not be read again each second.
final class ReferenceCache extends LinkedHashMap<String, Reference> {
    private static final long serialVersionUID = 1;
    private static final int MOST = 1_000;
    private static final int FIRST = 64;
    private static final float LOAD = 0.75f;

    ReferenceCache() {
        super(FIRST, LOAD, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Reference> eldest) {
        return size() > MOST;
    }
}
