// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.agent.SmallDisk;
import io.edgewise.contracts.v1.Observation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SpoolFullDiskTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void aFullDiskLosesNothingThatWasCalledDurableAndGoesOnWhenThereIsRoom() throws Exception {
        assertThat(SmallDisk.run(OthersFillIt.class, folder, "size=4m")).contains("as it should be");
    }

    @Test
    void aDiskThatItsOwnFileFillsHasRoomAgainWhenRecordsWereSent() throws Exception {
        assertThat(SmallDisk.run(ItFillsIt.class, folder, "size=16m")).contains("as it should be");
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamed() throws Exception {
        assertThat(SmallDisk.run(NobodyMayWrite.class, folder, "ro")).contains("cannot open the spool in " + folder);
    }

    private static Spool open(Path folder) throws SpoolFailure {
        return Spool.open(
                folder,
                Map.of(Lane.OBSERVATIONS, new TestFormat()),
                new Bounds(10_000_000, 1L << 30, Duration.ofMillis(2)));
    }

    /// Appends some at a time until one is refused; how many were durable, and in what sequence.
    private static long appendUntilRefused(Spool spool, long last) throws InterruptedException {
        SplittableRandom random = new SplittableRandom(3);
        long durable = last;
        boolean isRefused = false;
        while (!isRefused) {
            List<CompletableFuture<Long>> appends = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                appends.add(append(spool, random));
            }
            for (CompletableFuture<Long> append : appends) {
                try {
                    assertThat(append.get(20, TimeUnit.SECONDS)).isEqualTo(durable + 1);
                    durable++;
                } catch (ExecutionException e) {
                    assertThat(e.getCause())
                            .isInstanceOf(SpoolFailure.class)
                            .hasMessageContaining("cannot write to the spool in");
                    isRefused = true;
                } catch (TimeoutException e) {
                    throw new AssertionError("an append never ends", e);
                }
            }
        }
        return durable;
    }

    private static CompletableFuture<Long> append(Spool spool, SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            text.append(Long.toHexString(random.nextLong()));
        }
        return spool.append(Lane.OBSERVATIONS, Weight.KEEP, TestFormat.body(text.toString()));
    }

    private static void holds(Spool spool, long first, long last) throws Exception {
        List<Long> found = new ArrayList<>();
        long after = first - 1;
        while (after < last) {
            List<Page.Stored> page = spool.read(Lane.OBSERVATIONS, spool.epoch(), after, 500)
                    .get(20, TimeUnit.SECONDS)
                    .records();
            page.forEach(record -> {
                Observation observation = TestFormat.parse(record.bytes());
                assertThat(observation.getSeq()).isEqualTo(record.seq());
                found.add(record.seq());
            });
            after = page.getLast().seq();
        }
        assertThat(found)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(first, last).boxed().toList());
    }

    private static long appendOneAtLast(Spool spool) throws InterruptedException {
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < 200; i++) {
            try {
                return append(spool, random).get();
            } catch (ExecutionException e) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
        }
        throw new AssertionError("there is room, and still nothing can be appended");
    }

    static final class NobodyMayWrite {
        private NobodyMayWrite() {}

        public static void main(String[] arguments) {
            try (Spool spool = open(Path.of(arguments[0]))) {
                throw new AssertionError("opened, epoch " + spool.epoch());
            } catch (SpoolFailure e) {
                System.out.println(e.getMessage());
            }
        }
    }

    static final class ItFillsIt {
        private static final int ROUNDS = 4;

        private ItFillsIt() {}

        public static void main(String[] arguments) throws Exception {
            Path folder = Path.of(arguments[0]);
            StringBuilder said = new StringBuilder();
            long last = 0;
            long sent = 0;
            for (int round = 0; round < ROUNDS; round++) {
                boolean isRestarted = round == ROUNDS - 1;
                try (Spool spool = open(folder)) {
                    last = isRestarted ? last : appendUntilRefused(spool, last);
                    holds(spool, sent + 1, last);
                    // A quarter goes, and as much is taken again, though nobody made room but the spool itself.
                    long through = sent + (last - sent) / 4;
                    spool.acknowledge(Lane.OBSERVATIONS, spool.epoch(), through, through - sent);
                    sent = through;
                    assertThat(appendOneAtLast(spool)).isEqualTo(last + 1);
                    long before = last + 1;
                    last = appendUntilRefused(spool, before);
                    said.append(' ').append(last - before);
                    assertThat(last - before).isGreaterThan((last - sent) / 8);
                    holds(spool, sent + 1, last);
                }
            }
            System.out.println("as it should be, with" + said + " of " + last + " records");
        }
    }

    static final class OthersFillIt {
        private OthersFillIt() {}

        public static void main(String[] arguments) throws Exception {
            Path folder = Path.of(arguments[0]);
            long last;
            try (Spool spool = open(folder)) {
                append(spool, new SplittableRandom(1)).get();
                Path ballast = SmallDisk.fill(folder);
                last = appendUntilRefused(spool, 1);
                holds(spool, 1, last);

                Files.delete(ballast);
                assertThat(appendOneAtLast(spool)).isEqualTo(last + 1);
                last++;
                SmallDisk.fill(folder);
                last = appendUntilRefused(spool, last);
            }
            // The disk is still full.
            try (Spool spool = open(folder)) {
                assertThat(spool.setAside()).isEmpty();
                holds(spool, 1, last);
                assertThat(spool.counts(Lane.OBSERVATIONS)).isEqualTo(new LaneCounts(last, last, 0, 0));
            }
            System.out.println("as it should be, with " + last + " records");
        }
    }
}
