// SPDX-License-Identifier: Apache-2.0
package io.edgewise.contracts.tally;

import java.nio.charset.StandardCharsets;

/// A measure's name as a tally's bytes say it, looked up once for many tallies.
public final class MeasureName {
    private final int number;
    private final byte[] spelled;

    private MeasureName(int number, byte[] spelled) {
        this.number = number;
        this.spelled = spelled;
    }

    public static MeasureName of(String name) {
        int number = MeasureNumbers.of(name);
        return new MeasureName(number, number == 0 ? name.getBytes(StandardCharsets.UTF_8) : new byte[0]);
    }

    /// 0 for a name that is spelled out.
    int number() {
        return number;
    }

    byte[] spelled() {
        return spelled;
    }
}
