// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Role;
import io.edgewise.statistics.sequential.ConfidenceSequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The largest gap between two groups of a sensitive slice in one measure, with an interval that holds at all times,
/// and
/// for all measures, attributes and groups at once: each group has a lower and an upper bound of its share, each at
/// alpha divided by the number of bounds that there may be. On the requests served: no statement about other devices.
///
/// @param high the group with the higher share
/// @param low the group with the lower one
/// @param least lower end of the interval of the largest true gap
/// @param most upper end of it
/// @param n observations of all groups compared
record BiasGap(String attribute, String measure, Group high, Group low, double least, double most, int groups, long n) {
    /// Fewer observations say nothing of a group.
    static final long FEWEST = 30;

    /// Attributes, and groups of each by name, that are compared.
    static final int MOST_ATTRIBUTES = 8;

    static final int MOST_GROUPS = 64;

    private static final List<String> MEASURES = List.of("agreement", "accuracy", "refusals", "escalations");
    private static final double BOUNDS = 2.0 * MEASURES.size() * MOST_ATTRIBUTES * MOST_GROUPS;
    /// Beyond, exp(-x) comes near the smallest doubles.
    private static final double MOST_EVIDENCE = 600;

    private static final int CHALLENGER = Role.ROLE_CHALLENGER_VALUE;

    /// A share of one group.
    record Group(String value, long events, long n) {
        double share() {
            return (double) events / n;
        }
    }

    private record Bounded(Group group, double low, double high) {}

    /// What is counted of one group.
    private static final class Sums {
        private final long[] events = new long[MEASURES.size()];
        private final long[] n = new long[MEASURES.size()];

        void add(Stratum stratum, Tally tally) {
            long requests = tally.get(Measures.REQUESTS, 0);
            add(3, stratum.escalated() ? requests : 0, requests);
            // Escalated requests are chosen by their answers: their pairs say nothing of the others.
            if (!stratum.escalated()) {
                long agree = tally.get(Measures.PAIRS, 0);
                add(0, agree, agree + tally.get(Measures.PAIRS, 1));
                add(1, tally.get(Measures.TRUTH, 2 * CHALLENGER + 1), tally.get(Measures.TRUTH, 2 * CHALLENGER));
                add(
                        2,
                        tally.get(Measures.PAIR_REFUSALS, 2) + tally.get(Measures.PAIR_REFUSALS, 3),
                        tally.sum(Measures.PAIR_REFUSALS));
            }
        }

        private void add(int measure, long more, long of) {
            events[measure] += more;
            n[measure] += of;
        }
    }

    /// Of every attribute that was counted, or only of these, and of every measure that has two groups to compare.
    static List<BiasGap> of(Evidence evidence, List<String> only, double alpha) {
        SortedMap<String, SortedMap<String, Sums>> attributes = new TreeMap<>();
        evidence.ledger().totals().forEach((stratum, tally) -> count(attributes, stratum, tally));
        evidence.open().forEach((stratum, tally) -> count(attributes, stratum, tally));
        if (!only.isEmpty()) {
            attributes.keySet().retainAll(only);
        }
        List<BiasGap> gaps = new ArrayList<>();
        attributes.entrySet().stream().limit(MOST_ATTRIBUTES).forEach(attribute -> {
            for (int measure = 0; measure < MEASURES.size(); measure++) {
                of(attribute.getKey(), measure, attribute.getValue(), alpha).ifPresent(gaps::add);
            }
        });
        return gaps;
    }

    private static void count(SortedMap<String, SortedMap<String, Sums>> attributes, Stratum stratum, Tally tally) {
        int equals = stratum.slice().indexOf('=');
        if (equals > 0) {
            attributes
                    .computeIfAbsent(stratum.slice().substring(0, equals), unseen -> new TreeMap<>())
                    .computeIfAbsent(stratum.slice().substring(equals + 1), unseen -> new Sums())
                    .add(stratum, tally);
        }
    }

    private static Optional<BiasGap> of(String attribute, int measure, Map<String, Sums> groups, double alpha) {
        List<Group> compared = groups.entrySet().stream()
                .limit(MOST_GROUPS)
                .map(each -> new Group(each.getKey(), each.getValue().events[measure], each.getValue().n[measure]))
                .filter(group -> group.n() >= FEWEST)
                .toList();
        // Where nothing is ever refused or escalated there is no gap to speak of.
        return compared.size() < 2 || compared.stream().allMatch(group -> group.events() == 0)
                ? Optional.empty()
                : Optional.of(between(attribute, MEASURES.get(measure), compared, alpha));
    }

    private static BiasGap between(String attribute, String measure, List<Group> compared, double alpha) {
        List<Bounded> bounded =
                compared.stream().map(group -> bounded(group, alpha)).toList();
        Group high = compared.getFirst();
        Group low = high;
        double least = 0;
        double most = 0;
        long n = 0;
        for (Bounded one : bounded) {
            high = one.group().share() > high.share() ? one.group() : high;
            low = one.group().share() < low.share() ? one.group() : low;
            n += one.group().n();
            for (Bounded other : bounded) {
                if (!one.group().equals(other.group())) {
                    least = Math.max(least, one.low() - other.high());
                    most = Math.max(most, one.high() - other.low());
                }
            }
        }
        return new BiasGap(attribute, measure, high, low, least, most, compared.size(), n);
    }

    private static Bounded bounded(Group group, double alpha) {
        double each = alpha / BOUNDS;
        return new Bounded(
                group,
                ConfidenceSequence.bernoulliLower(group.events(), group.n(), each),
                ConfidenceSequence.bernoulliUpper(group.events(), group.n(), each));
    }

    /// As seen.
    double value() {
        return high.share() - low.share();
    }

    /// ln(1/alpha) at the smallest alpha at which these two groups are still shown to be further apart than the limit:
    /// the
    /// evidence for it; 0 where they are not. At most `enough`, which is told without a search.
    double evidence(double limit, double enough) {
        double shown = 0;
        double not = Math.min(enough, MOST_EVIDENCE);
        if (value() <= limit) {
            return 0;
        }
        if (isShown(limit, not)) {
            return not;
        }
        for (int i = 0; i < 20; i++) {
            double middle = (shown + not) / 2;
            if (isShown(limit, middle)) {
                shown = middle;
            } else {
                not = middle;
            }
        }
        return shown;
    }

    private boolean isShown(double limit, double evidence) {
        double alpha = StrictMath.exp(-evidence);
        return bounded(high, alpha).low() - bounded(low, alpha).high() > limit;
    }

    /// About how many observations more would show a gap of this size to be within the limit; empty where it is not.
    Optional<Long> needed(double limit, double alpha) {
        if (value() >= limit) {
            return Optional.empty();
        }
        for (long times = 1; times <= 1L << 20; times *= 2) {
            Group more = new Group(high.value(), times * high.events(), times * high.n());
            Group less = new Group(low.value(), times * low.events(), times * low.n());
            if (bounded(more, alpha).high() - bounded(less, alpha).low() <= limit) {
                return Optional.of((times - 1) * n);
            }
        }
        return Optional.empty();
    }
}
