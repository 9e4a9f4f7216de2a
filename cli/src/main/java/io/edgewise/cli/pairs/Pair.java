// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.pairs;

/// One logged pair, reused from row to row. Labels are numbers of one dictionary; what is missing is negative, a
/// confidence or latency that is missing NaN.
public final class Pair {
    public static final int NONE = -1;

    public int edge = NONE;
    public int frontier = NONE;
    public int truth = NONE;
    public double confidence = Double.NaN;
    public double edgeLatency = Double.NaN;
    public double frontierLatency = Double.NaN;
    public int edgeRefused = NONE;
    public int frontierRefused = NONE;
    public int escalated = NONE;

    boolean isJoined() {
        return edge >= 0 && frontier >= 0;
    }
}
