// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.Topics;

/// One partition of one topic: what has an offset, an owner and counters of its own. Its number is the "partition" of
/// the published views: 0..63 are the partitions of the observations, 64..127 those of the feedback.
public record LaneId(Inlet inlet, int partition) implements Comparable<LaneId> {
    public LaneId {
        if (partition < 0 || partition >= Topics.PARTITIONS) {
            throw new IllegalArgumentException("partition " + partition + " of " + inlet.topic() + " is not within 0.."
                    + (Topics.PARTITIONS - 1)
                    + "; partitions of this topic are never added, create it again with " + Topics.PARTITIONS);
        }
    }

    public static LaneId of(String topic, int partition) {
        return new LaneId(
                Inlet.ofTopic(topic)
                        .orElseThrow(() -> new IllegalArgumentException("the evaluator does not read topic " + topic)),
                partition);
    }

    public static LaneId ofNumber(int number) {
        return new LaneId(Inlet.ofPlace(number / Topics.PARTITIONS), number % Topics.PARTITIONS);
    }

    public int number() {
        return inlet.place() * Topics.PARTITIONS + partition;
    }

    @Override
    public int compareTo(LaneId other) {
        return Integer.compare(number(), other.number());
    }

    @Override
    public String toString() {
        return inlet.topic() + '-' + partition;
    }
}
