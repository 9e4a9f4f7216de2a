// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.testkit.SeededCases;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EvidenceLedgerTest {
    private static final Plan PLAN = Plans.demo();

    @Test
    void appendingBlockByBlockGivesTheBitsOfFoldingTheWholeList() {
        SeededCases.forAll(10, random -> {
            List<EvidenceBlock> blocks = blocks(random);
            EvidenceLedger grown = EvidenceLedger.empty(PLAN);
            for (EvidenceBlock block : blocks) {
                grown = grown.append(EvidenceBlock.decode(block.encode()));
            }

            EvidenceLedger scratch = EvidenceLedger.of(PLAN, blocks);

            assertThat(grown.fingerprint()).isEqualTo(scratch.fingerprint());
            assertThat(grown.totals()).isEqualTo(scratch.totals());
        });
    }

    @Test
    void lookingInsideTheOpenBlockSaysWhatCuttingItSays() {
        SeededCases.forAll(10, random -> {
            World world = new World(random, World.Traits.GOOD.agreeing(0.8 + random.nextDouble() * 0.15));
            world.shadow(500 + random.nextInt(3_000));
            Evidence first = open(EvidenceLedger.empty(PLAN), world).cut(Instant.EPOCH);
            world.shadow(random.nextInt(2_000)).canary(1, 3_000, 500, 10_000);
            Evidence looked = open(first.ledger(), world);

            List<Verdict> before = Judge.verdicts(PLAN, looked);
            List<Verdict> after = Judge.verdicts(PLAN, looked.cut(Instant.EPOCH.plusSeconds(10)));

            for (int i = 0; i < before.size(); i++) {
                GuardrailKind kind = before.get(i).guardrail().kind();
                if (kind != GuardrailKind.COST) {
                    // A planned look at calibration is taken of closed blocks alone.
                    boolean planned =
                            kind == GuardrailKind.CALIBRATION && after.get(i).outcome() == Outcome.SAFE;
                    assertThat(before.get(i).outcome())
                            .isEqualTo(
                                    planned ? Outcome.UNDECIDED : after.get(i).outcome());
                    assertThat(before.get(i).evidence()).isEqualTo(after.get(i).evidence());
                }
            }
        });
    }

    @Test
    void blocksHaveOneEncoding() {
        EvidenceBlock block = blocks(new SplittableRandom(5)).getFirst();

        EvidenceBlock decoded = EvidenceBlock.decode(block.encode());

        assertThat(decoded).isEqualTo(block);
        assertThat(decoded.encode()).isEqualTo(block.encode());
    }

    @Test
    void damagedBlocksAreRefused() {
        byte[] bytes = blocks(new SplittableRandom(6)).getFirst().encode();
        byte[] cut = java.util.Arrays.copyOf(bytes, bytes.length - 3);
        byte[] longer = java.util.Arrays.copyOf(bytes, bytes.length + 1);

        assertThatThrownBy(() -> EvidenceBlock.decode(cut)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> EvidenceBlock.decode(longer)).hasMessageContaining("1 bytes too many");
    }

    @Test
    void aMissingOrRepeatedBlockIsRefused() {
        List<EvidenceBlock> blocks = blocks(new SplittableRandom(7));
        EvidenceLedger one = EvidenceLedger.empty(PLAN).append(blocks.getFirst());

        assertThatThrownBy(() -> one.append(blocks.getFirst())).hasMessageContaining("cannot follow block 1");
        assertThatThrownBy(() -> one.append(blocks.get(2))).hasMessageContaining("cannot follow block 1");
    }

    @Test
    void countersThatGoBackAreNoEvidence() {
        Stratum shadow = new Stratum(0, Cohort.COHORT_CONTROL, 10_000, false, Stratum.ALL);
        SortedMap<Stratum, Tally> counters = new TreeMap<>();
        counters.put(shadow, new Tally().add(Measures.PAIRS, 0, 10));
        EvidenceLedger ledger = EvidenceLedger.empty(PLAN).append(EvidenceBlock.cut(1, Instant.EPOCH, counters));
        counters.put(shadow, new Tally().add(Measures.PAIRS, 0, 9));

        assertThatThrownBy(() -> ledger.since(counters))
                .isInstanceOf(CountersWentBack.class)
                .hasMessageContaining("went back by 1");
        assertThatThrownBy(() -> ledger.since(new TreeMap<>())).hasMessageContaining("are gone");
    }

    static Evidence open(EvidenceLedger ledger, World world) {
        return new Evidence(ledger, ledger.since(world.counters()), java.util.Map.of(), "", "");
    }

    private static List<EvidenceBlock> blocks(SplittableRandom random) {
        World world = new World(random, World.Traits.GOOD.agreeing(0.7 + random.nextDouble() * 0.29));
        List<EvidenceBlock> blocks = new ArrayList<>();
        EvidenceLedger ledger = EvidenceLedger.empty(PLAN);
        for (int i = 1; i <= 6; i++) {
            if (i <= 3) {
                world.shadow(200 + random.nextInt(2_000));
            } else {
                world.canary(i - 3, 2_000, 1_000 * i, 5_000);
            }
            EvidenceBlock block =
                    EvidenceBlock.cut(i, Instant.EPOCH.plusSeconds(10L * i), ledger.since(world.counters()));
            blocks.add(block);
            ledger = ledger.append(block);
        }
        return blocks;
    }
}
