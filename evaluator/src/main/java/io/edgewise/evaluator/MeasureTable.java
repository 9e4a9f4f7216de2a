// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.tally.MeasureName;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.evaluator.wire.Word;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Numbers for the names of measures, so that the hot path counts in arrays. The numbers live as long as
/// the table and are stored nowhere. Not safe for concurrent use.
final class MeasureTable {
    /// Named features beyond these are counted together under one name: those that a tenant's devices were
    /// the first to name, and all.
    static final int MOST_OF_A_TENANT = 500;

    static final int MOST_FEATURES = 20_000;

    static final String OTHER_FEATURE = Measures.FEATURE + "other";

    private final List<String> names = new ArrayList<>();
    private final List<MeasureName> said = new ArrayList<>();
    private final BitSet windowOnly = new BitSet();
    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<Word, Integer> features = new HashMap<>();
    private final Map<Word, Integer> byTenant = new HashMap<>();
    private Names known = new Names(new int[0], List.of(), new BitSet());

    /// What a flush needs to know of measures; it does not change when more of them become known.
    ///
    /// @param ranks by number: the place of its name among all names in order
    /// @param said by number: the name as tallies' bytes say it
    /// @param windowOnly the numbers of measures that windows show, and that are no evidence
    @SuppressWarnings("ArrayRecordComponent") // read by the encoder's innermost loop
    record Names(int[] ranks, List<MeasureName> said, BitSet windowOnly) {}

    /// The number of a measure that windows and evidence count.
    int number(String name) {
        return number(name, false);
    }

    /// The number of a measure that is shown by windows, and is no evidence.
    int shownOnly(String name) {
        return number(name, true);
    }

    private int number(String name, boolean shown) {
        Integer known = numbers.get(name);
        if (known != null) {
            return known;
        }
        int number = names.size();
        names.add(name);
        said.add(MeasureName.of(name));
        windowOnly.set(number, shown);
        numbers.put(name, number);
        return number;
    }

    /// The number of a feature that this tenant's device names. One tenant takes no room from the others.
    int feature(Word tenant, Word name) {
        Integer known = features.get(name);
        if (known != null) {
            return known;
        }
        int itsOwn = byTenant.getOrDefault(tenant, 0);
        if (itsOwn >= MOST_OF_A_TENANT || features.size() >= MOST_FEATURES) {
            return shownOnly(OTHER_FEATURE);
        }
        byTenant.put(tenant, itsOwn + 1);
        int number = shownOnly(Measures.FEATURE + name.text());
        features.put(name, number);
        return number;
    }

    String name(int number) {
        return names.get(number);
    }

    /// All that have a number by now.
    Names names() {
        if (known.said().size() != names.size()) {
            known = new Names(rank(), List.copyOf(said), (BitSet) windowOnly.clone());
        }
        return known;
    }

    private int[] rank() {
        int[] byRank = IntStream.range(0, names.size())
                .boxed()
                .sorted(Comparator.comparing(names::get))
                .mapToInt(Integer::intValue)
                .toArray();
        int[] places = new int[byRank.length];
        for (int rank = 0; rank < byRank.length; rank++) {
            places[byRank[rank]] = rank;
        }
        return places;
    }
}
