// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.edgewise.testkit.MutableClock;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InflowTest {
    private final MutableClock clock = new MutableClock(Instant.EPOCH);
    private final Inflow inflow = new Inflow(clock);

    @Test
    void aBodyThatTricklesIsGivenUpAfterAMinute() {
        InputStream trickling = new InputStream() {
            @Override
            public int read() {
                return 7;
            }

            @Override
            public int read(byte[] into, int from, int length) {
                clock.advance(Duration.ofSeconds(7));
                return 1;
            }
        };
        try (Inflow.Body body = inflow.begin()) {
            assertThatThrownBy(() -> BoundedBody.receive(trickling, body))
                    .isInstanceOfSatisfying(
                            Problem.class,
                            problem -> assertThat(problem.status()).isEqualTo(408))
                    .hasMessage("the body has not arrived within 60 s; send smaller batches, or pack them");
        }
    }

    @Test
    void whatAllHoldIsBoundedAndFreeAgainAfterwards() throws Exception {
        byte[] largest = new byte[BoundedBody.WIRE_LIMIT];
        for (int round = 0; round < 3; round++) {
            List<Inflow.Body> under = new ArrayList<>();
            for (int i = 0; i < Inflow.MOST_BYTES / largest.length; i++) {
                Inflow.Body body = inflow.begin();
                under.add(body);
                assertThat(BoundedBody.receive(new ByteArrayInputStream(largest), body))
                        .hasSize(largest.length);
            }
            try (Inflow.Body oneMore = inflow.begin()) {
                assertThatThrownBy(() -> BoundedBody.receive(new ByteArrayInputStream(new byte[1]), oneMore))
                        .isInstanceOfSatisfying(
                                Problem.class,
                                problem -> assertThat(problem.status()).isEqualTo(429))
                        .hasMessage("as many batches arrive as may; send this one again");
            }
            under.forEach(Inflow.Body::close);
        }
    }

    /// A body of one kilobyte may be one of a hundred.
    @Test
    void whatIsUnpackedCountsToo() throws Exception {
        List<Inflow.Body> under = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            Inflow.Body body = inflow.begin();
            under.add(body);
            byte[] _ = BoundedBody.receive(new ByteArrayInputStream(new byte[BoundedBody.WIRE_LIMIT]), body);
        }
        byte[] packed = Zstd.compress(new byte[5 << 20]);
        try (Inflow.Body body = inflow.begin()) {
            byte[] sent = BoundedBody.receive(new ByteArrayInputStream(packed), body);
            assertThatThrownBy(() -> BoundedBody.unpacked(sent, "zstd", body)).isInstanceOf(Problem.class);
        }
        under.forEach(Inflow.Body::close);
    }
}
