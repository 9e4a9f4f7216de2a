// SPDX-License-Identifier: Apache-2.0
package io.edgewise.contracts.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChainLinkTest {
    @Test
    void anUntouchedLogIsIntact() {
        assertThat(ChainLink.firstBad(log(5), 5)).isEmpty();
        assertThat(ChainLink.firstBad(List.of(), 0)).isEmpty();
    }

    @Test
    void everyChangedRemovedSwappedOrMissingEntryIsFound() {
        for (int at = 0; at < 5; at++) {
            List<ChainLink.Stored> changed = log(5);
            ChainLink link = changed.get(at).link();
            changed.set(at, new ChainLink.Stored(reworded(link), changed.get(at).hash()));
            assertThat(ChainLink.firstBad(changed, 5)).hasValue(at + 1);

            List<ChainLink.Stored> removed = log(5);
            removed.remove(at);
            assertThat(ChainLink.firstBad(removed, 5)).hasValue(at + 1);
        }
        List<ChainLink.Stored> swapped = log(5);
        java.util.Collections.swap(swapped, 1, 2);
        assertThat(ChainLink.firstBad(swapped, 5)).hasValue(2);
    }

    @Test
    void anEntryRewrittenWithItsOwnHashBreaksTheNextOne() {
        List<ChainLink.Stored> log = log(5);
        ChainLink rewritten = reworded(log.get(2).link());
        log.set(2, new ChainLink.Stored(rewritten, rewritten.hash()));

        assertThat(ChainLink.firstBad(log, 5)).hasValue(4);
    }

    private static ChainLink reworded(ChainLink link) {
        return new ChainLink(
                link.rollout(),
                link.number(),
                link.atMs(),
                link.kind(),
                link.actor(),
                link.stage(),
                link.shareBp(),
                link.revision(),
                link.sentence() + " ",
                link.detail(),
                link.previousHash());
    }

    private static List<ChainLink.Stored> log(int entries) {
        List<ChainLink.Stored> log = new ArrayList<>();
        String previous = ChainLink.ROOT;
        for (int number = 1; number <= entries; number++) {
            ChainLink link = new ChainLink(
                    "R",
                    number,
                    1_000L * number,
                    "verdict",
                    "controller",
                    1,
                    100,
                    number,
                    "sentence " + number,
                    "{}",
                    previous);
            log.add(new ChainLink.Stored(link, link.hash()));
            previous = link.hash();
        }
        return log;
    }
}
