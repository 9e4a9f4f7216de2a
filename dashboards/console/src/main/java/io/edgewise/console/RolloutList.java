// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The rollouts of a tenant, newest first, under a status filter.
///
/// `cut` says that older ones exist but are not shown.
public record RolloutList(List<Filter> filters, String filter, List<Entry> entries, int total, boolean cut) {
    public RolloutList {
        filters = List.copyOf(filters);
        entries = List.copyOf(entries);
    }

    public record Filter(String key, String word, int count, boolean chosen) {}

    public record Entry(
            String id,
            String workload,
            String challenger,
            Tone tone,
            String phase,
            boolean running,
            List<Ladder.Step> steps,
            String share,
            Moment started,
            Clock age,
            boolean chosen) {
        public Entry {
            steps = List.copyOf(steps);
        }
    }

    /// `chosen` is the id of the rollout shown beside the list, or empty.
    public static RolloutList of(List<Rows.Rollout> rollouts, String filter, String chosen, int most, Instant now) {
        Status status = Status.of(filter);
        List<Filter> filters = new ArrayList<>();
        for (Status each : Status.values()) {
            int count = (int) rollouts.stream().filter(each::holds).count();
            filters.add(new Filter(each.key(), each.word(), count, each == status));
        }
        List<Entry> entries = rollouts.stream()
                .filter(status::holds)
                .map(rollout -> entry(rollout, rollout.id().equals(chosen), now))
                .toList();
        return new RolloutList(filters, status.key(), entries, rollouts.size(), rollouts.size() >= most);
    }

    /// The filter as this program knows it: an unknown word asks for all.
    public static String filter(String asked) {
        return Status.of(asked).key();
    }

    /// The id of the newest rollout under the filter; the newest of all where the filter finds none; empty where there
    /// is none at all. The rows are newest first.
    public static String newest(List<Rows.Rollout> rollouts, String filter) {
        Status status = Status.of(filter);
        return rollouts.stream()
                .filter(status::holds)
                .findFirst()
                .or(() -> rollouts.stream().findFirst())
                .map(Rows.Rollout::id)
                .orElse("");
    }

    private static Entry entry(Rows.Rollout rollout, boolean chosen, Instant now) {
        boolean running = rollout.outcome().isEmpty();
        String phase = rollout.outcome().orElse(rollout.phase());
        return new Entry(
                rollout.id(),
                rollout.workload(),
                rollout.challenger(),
                Tone.ofPhase(phase),
                Format.words(phase),
                running,
                Ladder.steps(rollout, rollout.stage(), now),
                Format.share(rollout.shareBp()),
                Moment.of(rollout.createdAt()),
                running
                        ? Clock.running(rollout.createdAt(), now)
                        : Clock.stopped(Duration.between(rollout.createdAt(), rollout.updatedAt())),
                chosen);
    }

    /// What the filter asks for.
    enum Status {
        ANY("all", "All"),
        RUNNING("running", "Running"),
        COMPLETED("completed", "Completed"),
        ROLLED_BACK("rolled-back", "Rolled back"),
        STOPPED("stopped", "Stopped");

        private final String key;
        private final String word;

        Status(String key, String word) {
            this.key = key;
            this.word = word;
        }

        String key() {
            return key;
        }

        String word() {
            return word;
        }

        /// An unknown word asks for all.
        static Status of(String key) {
            for (Status status : values()) {
                if (status.key.equals(key)) {
                    return status;
                }
            }
            return ANY;
        }

        boolean holds(Rows.Rollout rollout) {
            Tone tone = Tone.ofPhase(rollout.outcome().orElse(rollout.phase()));
            boolean running = rollout.outcome().isEmpty();
            return switch (this) {
                case ANY -> true;
                case RUNNING -> running;
                case COMPLETED -> !running && tone == Tone.GOOD;
                case ROLLED_BACK -> !running && tone == Tone.BAD;
                case STOPPED -> !running && tone != Tone.GOOD && tone != Tone.BAD;
            };
        }
    }
}
