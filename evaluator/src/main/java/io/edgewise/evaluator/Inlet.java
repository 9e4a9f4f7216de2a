// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.Topics;
import java.util.List;
import java.util.Optional;

/// The topics that the evaluator reads. The place is part of {@link LaneId#number()} and therefore frozen.
public enum Inlet {
    OBSERVATIONS(0, Topics.OBSERVATIONS, "observation"),
    FEEDBACK(1, Topics.FEEDBACK, "feedback");

    private final int place;
    private final String topic;
    private final String message;

    Inlet(int place, String topic, String message) {
        this.place = place;
        this.topic = topic;
        this.message = message;
    }

    int place() {
        return place;
    }

    public String topic() {
        return topic;
    }

    /// The message's name in the record header "schema".
    String message() {
        return message;
    }

    public static List<String> topics() {
        return List.of(OBSERVATIONS.topic, FEEDBACK.topic);
    }

    static Inlet ofPlace(int place) {
        for (Inlet inlet : values()) {
            if (inlet.place == place) {
                return inlet;
            }
        }
        throw new IllegalArgumentException("no topic has place " + place + "; was the row written by a newer program?");
    }

    static Optional<Inlet> ofTopic(String topic) {
        return List.of(values()).stream()
                .filter(inlet -> inlet.topic.equals(topic))
                .findFirst();
    }
}
