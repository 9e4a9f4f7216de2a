// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.statistics.calibration.OneLook;
import java.util.List;
import java.util.OptionalLong;

/// What the planned looks at calibration found, and which is still to come.
final class LookWords {
    private LookWords() {}

    static String safe(Track track) {
        return track.looks().stream()
                .filter(Look::isSafe)
                .map(look -> ": " + found(look) + ", at most "
                        + Words.percent(look.answer().upper()) + " with "
                        + Words.chosen(1 - look.plan().level()) + " confidence")
                .findFirst()
                .orElse("");
    }

    static String undecided(Track track, OptionalLong more) {
        List<Look> looks = track.looks();
        String last = looks.isEmpty() ? "" : ": " + failed(looks.getLast());
        if (track.nextLook().isEmpty()) {
            return last
                    + (looks.isEmpty()
                            ? ", the plan has no look at which it could become SAFE"
                            : noMore(looks.getLast()));
        }
        OneLook next = track.nextLook().get();
        String when = (looks.isEmpty() ? "SAFE is decided by one look at " : "the next look is at ")
                + Words.count(next.labels()) + " labelled answers";
        long missing = more.orElse(0);
        return last
                + (looks.isEmpty() ? ", " : "; ")
                + when
                + (missing > 0 ? ", " + Words.count(missing) + " more" : ", with the next evidence block");
    }

    private static String failed(Look look) {
        return found(look) + ", which may be as much as "
                + Words.percent(look.answer().upper()) + " and would have been" + " SAFE up to "
                + Words.percent(Math.max(0, look.answer().critical()));
    }

    private static String noMore(Look look) {
        OptionalLong would = look.answer().labelsNeeded();
        return "; no further look is planned"
                + (would.isPresent()
                        ? ", one about " + Words.count(would.getAsLong()) + " labels later would probably show it"
                        : " and more labels would not help");
    }

    private static String found(Look look) {
        return "the look planned at " + Words.count(look.plan().labels()) + " labelled answers found, at "
                + Words.count(look.labels()) + ", an ECE of "
                + Words.percent(look.answer().ece());
    }
}
