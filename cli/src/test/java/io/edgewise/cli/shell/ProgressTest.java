// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final long SECOND = 1_000_000_000;

    private final StringWriter written = new StringWriter();
    private final AtomicLong clock = new AtomicLong();

    private void read(boolean shown) throws IOException {
        Progress progress = new Progress(new PrintWriter(written), shown, clock::get);
        try (InputStream in = progress.of(new ByteArrayInputStream(new byte[4_000_000]), 4_000_000)) {
            for (int i = 0; i < 4; i++) {
                clock.addAndGet(SECOND);
                assertThat(in.readNBytes(1_000_000)).hasSize(1_000_000);
            }
        }
        progress.end();
    }

    @Test
    void saysHowMuchIsReadAndHowLongItTakesStill() throws IOException {
        read(true);

        assertThat(written.toString()).contains("% of 4 MB", " s left").endsWith("\r\u001b[K\r");
    }

    @Test
    void isSilentWhereNobodySeesIt() throws IOException {
        read(false);

        assertThat(written.toString()).isEmpty();
    }
}
