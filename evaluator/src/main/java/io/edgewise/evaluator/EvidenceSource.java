// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import java.util.List;

/// What a book stored of a stratum, asked for when it is counted in again: only strata with traffic are in memory.
public interface EvidenceSource {
    /// All slices of the key, which is the one of the slice "all".
    List<BookChanges.EvidenceTotal> load(EvidenceKey key);
}
