// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.statistics.sequential.Detector;
import io.edgewise.statistics.sequential.MeanTest;
import java.util.Arrays;

/// Where a test stands after the blocks so far: the growth of each bet since its start, and its e-detector.
@SuppressWarnings("ArrayRecordComponent") // only this package holds it, and nobody writes into it
record LineState(Line line, double[] growth, Detector detector) {
    static LineState start(Line line) {
        return new LineState(line, new double[line.test().bets().length], Detector.start(line.test()));
    }

    LineState next(Pools block) {
        double[] gained = line.test().growth(line.reading().of(block));
        Detector after = line.claim().isDetected() ? detector.next(gained) : detector;
        return new LineState(line, MeanTest.plus(growth, gained), after);
    }

    /// ln of the evidence with what the open block holds: for BREACH of the e-detector, for SAFE of the whole process.
    double look(Pools open) {
        double[] gained = line.test().growth(line.reading().of(open));
        return line.claim().isDetected() ? detector.peek(gained) : line.test().logE(MeanTest.plus(growth, gained));
    }

    /// The same with closed blocks only.
    double stand() {
        return line.claim().isDetected() ? detector.logValue() : line.test().logE(growth);
    }

    /// Whether the e-detector is at the threshold after the closed blocks.
    boolean alarms(double logThreshold) {
        return detector.crosses(logThreshold);
    }

    /// The bits, for comparing.
    void fingerprint(StringBuilder into) {
        into.append(line.claim()).append(' ');
        for (double value : growth) {
            into.append(Double.doubleToLongBits(value)).append(' ');
        }
        Arrays.stream(detector.logM())
                .forEach(value -> into.append(Double.doubleToLongBits(value)).append(' '));
        into.append('\n');
    }
}
