// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.edgewise.contracts.Fault;
import io.edgewise.contracts.Topics;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class RejectedTest {
    private static final LaneId LANE = new LaneId(Inlet.OBSERVATIONS, 0);

    @Test
    void aLetterIsSmallWhateverWasSent() {
        byte[] huge = new byte[900_000];
        Fault fault = new Fault("invalid", "x".repeat(5_000), "");
        Inbound record = new Inbound(7, 1, huge, null, huge);

        Rejected rejected = Rejected.of(LANE, record, Collections.nCopies(100, fault));

        assertThat(rejected.key()).isNull();
        assertThat(rejected.letter().getReasonsList()).hasSize(33).endsWith("...and 68 more");
        assertThat(rejected.letter().getReasons(0)).hasSize(256).startsWith("invalid:x");
        assertThat(rejected.letter().getRecordSize()).isEqualTo(900_000);
        assertThat(rejected.letter().getSerializedSize()).isLessThan(80_000);
        assertThat(rejected.stub().letter().getSerializedSize()).isLessThan(10_000);
        assertThat(rejected.stub().letter().getOffset()).isEqualTo(7);
    }

    @Test
    void aUsualKeyIsKept() {
        byte[] key = Topics.key(Samples.TENANT, "device-1");
        Inbound record = new Inbound(7, 1, key, null, key);

        assertThat(Rejected.of(LANE, record, List.of()).key()).isEqualTo(ByteString.copyFrom(key));
    }
}
