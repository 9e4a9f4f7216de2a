// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.pairs;

import io.edgewise.statistics.calibration.Reliability;
import io.edgewise.statistics.classification.AgreementTotals;
import io.edgewise.statistics.classification.WinShare;
import io.edgewise.statistics.proportion.McNemar;
import io.edgewise.statistics.proportion.Proportion;
import io.edgewise.statistics.sketch.QuantileSketch;

/// What is counted of pairs: of all of them, or of one slice.
public final class Tally {
    private static final int BINS = Reliability.BINS;
    private static final int EDGE_REFUSED = 0;
    private static final int FRONTIER_REFUSED = 1;
    private static final int ESCALATED = 2;
    private static final int SAID = 3;

    private final PairTable table = new PairTable();
    private long rows;
    private long agree;
    private long differ;
    private long withoutEdge;
    private long withoutFrontier;
    private long bothRight;
    private long edgeRight;
    private long frontierRight;
    private long bothWrong;
    private long bothWrongApart;
    private final Bins againstTruth = new Bins();
    private final Bins againstFrontier = new Bins();
    private final long[] said = new long[SAID];
    private final long[] known = new long[SAID];
    private final QuantileSketch edgeLatency = new QuantileSketch();
    private final QuantileSketch frontierLatency = new QuantileSketch();

    private static final class Bins {
        private final long[] n = new long[BINS];
        private final long[] correct = new long[BINS];
        private final double[] sum = new double[BINS];

        void add(int bin, double confidence, boolean right) {
            n[bin]++;
            correct[bin] += right ? 1 : 0;
            sum[bin] += confidence;
        }

        Reliability reliability() {
            return new Reliability(n, correct, sum);
        }
    }

    public void add(Pair pair) {
        rows++;
        if (pair.isJoined()) {
            joined(pair);
        } else if (pair.frontier >= 0) {
            withoutEdge++;
        } else {
            withoutFrontier++;
        }
        if (!Double.isNaN(pair.confidence) && pair.edge >= 0) {
            confident(pair);
        }
        say(EDGE_REFUSED, pair.edgeRefused);
        say(FRONTIER_REFUSED, pair.frontierRefused);
        say(ESCALATED, pair.escalated);
        if (!Double.isNaN(pair.edgeLatency)) {
            edgeLatency.add(pair.edgeLatency);
        }
        if (!Double.isNaN(pair.frontierLatency)) {
            frontierLatency.add(pair.frontierLatency);
        }
    }

    private void joined(Pair pair) {
        boolean same = pair.edge == pair.frontier;
        agree += same ? 1 : 0;
        differ += same ? 0 : 1;
        table.add(pair.edge, pair.frontier);
        if (pair.truth < 0) {
            return;
        }
        boolean edge = pair.edge == pair.truth;
        boolean frontier = pair.frontier == pair.truth;
        if (edge) {
            bothRight += frontier ? 1 : 0;
            edgeRight += frontier ? 0 : 1;
        } else {
            frontierRight += frontier ? 1 : 0;
            bothWrong += frontier ? 0 : 1;
            bothWrongApart += frontier || same ? 0 : 1;
        }
    }

    private void confident(Pair pair) {
        int bin = Reliability.bin(pair.confidence);
        if (pair.truth >= 0) {
            againstTruth.add(bin, pair.confidence, pair.edge == pair.truth);
        }
        if (pair.frontier >= 0) {
            againstFrontier.add(bin, pair.confidence, pair.edge == pair.frontier);
        }
    }

    private void say(int what, int yes) {
        if (yes >= 0) {
            known[what]++;
            said[what] += yes;
        }
    }

    public long rows() {
        return rows;
    }

    PairTable table() {
        return table;
    }

    AgreementTotals totals() {
        return new AgreementTotals(agree, differ, withoutEdge, withoutFrontier);
    }

    /// The edge model is the first.
    McNemar mcNemar() {
        return new McNemar(bothRight, edgeRight, frontierRight, bothWrong);
    }

    /// Judged by the truth: of two different labels at most one is right.
    WinShare wins() {
        return new WinShare(edgeRight, frontierRight, 0, bothWrongApart);
    }

    long judged() {
        return bothRight + edgeRight + frontierRight + bothWrong;
    }

    Proportion edgeAccuracy() {
        return new Proportion(bothRight + edgeRight, judged());
    }

    Proportion frontierAccuracy() {
        return new Proportion(bothRight + frontierRight, judged());
    }

    Reliability againstTruth() {
        return againstTruth.reliability();
    }

    Reliability againstFrontier() {
        return againstFrontier.reliability();
    }

    Proportion edgeRefusal() {
        return share(EDGE_REFUSED);
    }

    Proportion frontierRefusal() {
        return share(FRONTIER_REFUSED);
    }

    Proportion escalation() {
        return share(ESCALATED);
    }

    private Proportion share(int what) {
        return new Proportion(said[what], known[what]);
    }

    QuantileSketch edgeLatency() {
        return edgeLatency;
    }

    QuantileSketch frontierLatency() {
        return frontierLatency;
    }
}
