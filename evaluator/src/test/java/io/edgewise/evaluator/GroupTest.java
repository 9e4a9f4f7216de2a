// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.evaluator.wire.Word;
import io.edgewise.evaluator.wire.Words;
import io.edgewise.testkit.SeededCases;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GroupTest {
    private static final EvidenceKey KEY = new EvidenceKey(
            Samples.TENANT, Samples.WORKLOAD, Samples.ROLLOUT, new Stratum(0, Cohort.COHORT_CONTROL, 1, false, "all"));

    private final Words words = new Words();

    @Test
    void aValueAlwaysHasTheSamePlaceHoweverManyThereAre() {
        SeededCases.forAll(20, random -> {
            Admission admission = new Admission(5);
            Slices slices = new Slices(admission, 5);
            Group group = new Group(KEY);
            Map<String, String> expected = new HashMap<>();
            Map<String, Integer> named = new HashMap<>();
            for (int i = 0; i < 4_000; i++) {
                String attribute = "a" + random.nextInt(3);
                String value = "v" + random.nextInt(700);
                String slice = attribute + '=' + value;
                if (!expected.containsKey(slice)) {
                    boolean isNamed = named.merge(attribute, 1, Integer::sum) <= 5;
                    expected.put(slice, isNamed ? slice : attribute + "=other");
                }

                Group.Place place = group.place(words.of(attribute), words.of(value), slices);

                assertThat(name(group, place.slice())).isEqualTo(expected.get(slice));
                assertThat(place.isOther()).isEqualTo(!slice.equals(expected.get(slice)));
            }
            assertThat(admission.asked()).isLessThanOrEqualTo(15);
        });
    }

    @Test
    void noValueIsNoPlaceAndAnAttributeTooManyIsDropped() {
        Slices slices = new Slices(new Admission(5), 5);
        Group group = new Group(KEY);
        for (int i = 0; i < Slices.MOST_ATTRIBUTES; i++) {
            group.place(words.of("a" + i), words.of("v"), slices);
        }

        assertThat(group.place(words.of("a1"), Word.EMPTY, slices)).isEqualTo(Group.Place.NONE);
        assertThat(group.place(words.of("late"), words.of("v"), slices)).isEqualTo(Group.Place.DROPPED);
        assertThat(group.place(words.of("late"), words.of("v"), slices)).isEqualTo(Group.Place.DROPPED);
        Group.Place phone = group.place(words.of(Slices.DEVICE_CLASS), words.of("phone"), slices);
        assertThat(name(group, phone.slice())).isEqualTo("device_class=phone");
    }

    @Test
    void everyStratumHasOneGroup() {
        SeededCases.forAll(20, random -> {
            Book book = Benches.book(Benches.tools(3));
            Map<EvidenceKey, Group> groups = new HashMap<>();
            for (int i = 0; i < 5_000; i++) {
                EvidenceKey key = new EvidenceKey(
                        "t" + random.nextInt(2),
                        "w" + random.nextInt(4),
                        random.nextInt(4) == 0 ? "" : "r" + random.nextInt(20),
                        new Stratum(
                                random.nextInt(5),
                                Cohort.forNumber(random.nextInt(3)),
                                random.nextInt(4) * 2_500,
                                random.nextBoolean(),
                                Stratum.ALL));
                Group group = book.group(
                        words.of(key.tenant()),
                        words.of(key.workload()),
                        words.of(key.rollout()),
                        key.stratum().stage(),
                        key.stratum().cohort().getNumber(),
                        key.stratum().pairingRateBp(),
                        key.stratum().escalated());

                assertThat(group.key()).isEqualTo(key);
                assertThat(groups.computeIfAbsent(key, unseen -> group)).isSameAs(group);
            }
        });
    }

    @Test
    void aMinuteHasOnePoolUntilItIsSettled() {
        Group group = new Group(KEY);
        Pool five = group.pool(5);
        group.pool(6);

        assertThat(group.pool(5)).isSameAs(five);
        assertThat(group.filled()).extracting(Group.Filled::minute).containsExactlyInAnyOrder(5L, 6L);
        group.handOver();
        assertThat(group.idleFlushes()).isZero();
        group.handOver();
        assertThat(group.idleFlushes()).isEqualTo(1);
        assertThat(group.pool(5)).isNotSameAs(five);
    }

    @Test
    void aPoolThatWasHandedOverIsLeftAloneUntilTheNextTime() {
        Group group = new Group(KEY);
        Delta delta = new Delta();
        List<Pool> handed = new ArrayList<>();
        for (int flush = 0; flush < 6; flush++) {
            Pool now = group.pool(5);
            assertThat(now.sums().touches()).isZero();
            if (flush > 0) {
                assertThat(handed.getLast()).isNotSameAs(now);
                assertThat(handed.getLast().sums().amount(0, 0)).isEqualTo(100L * (flush - 1) + 1);
            }
            for (int i = 0; i < 10; i++) {
                delta.clear();
                delta.add(0, 7, i == 0 ? 100L * flush + 1 : 0);
                now.add(delta, new int[] {0}, 1, 0);
            }
            handed.add(now);
            group.handOver();
        }

        assertThat(new HashSet<>(handed)).as("two take turns").hasSize(2);
    }

    private static String name(Group group, int slice) {
        group.pool(0);
        return group.filled().findFirst().orElseThrow().slices()[slice];
    }
}
