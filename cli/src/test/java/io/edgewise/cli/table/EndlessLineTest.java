// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// A line of two gigabytes is refused after 16 MiB of it.
class EndlessLineTest {
    private static final long GIGABYTES = 2L << 30;

    /// Two gigabytes of one letter.
    private static final class Endless extends InputStream {
        private long read;

        @Override
        public int read() {
            return read++ < GIGABYTES ? 'x' : -1;
        }

        @Override
        public int read(byte[] into, int from, int length) {
            if (read >= GIGABYTES) {
                return -1;
            }
            Arrays.fill(into, from, from + length, (byte) 'x');
            read += length;
            return length;
        }
    }

    @Test
    void ofCsvIsRefusedWithItsRow() {
        Endless endless = new Endless();
        Rows rows = open("a,b\n1,2\n3,", endless);
        assertThat(rows.next()).isTrue();
        assertThatThrownBy(rows::next)
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("row 2 (line 3)")
                .hasMessageContaining("longer than 16 MiB")
                .hasMessageContaining("line ends");
        assertThat(endless.read).isLessThan(64L << 20);
    }

    @Test
    void inAQuoteThatNeverClosesIsRefusedWithItsColumn() {
        Rows rows = open("a,b\n1,2\n3,\"", new Endless());
        assertThat(rows.next()).isTrue();
        assertThatThrownBy(rows::next)
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("row 2 (line 3), column \"b\"")
                .hasMessageContaining("is not closed within 16 MiB");
    }

    @Test
    void ofJsonIsRefusedWithItsRow() {
        Rows rows = open("{\"a\": 1}\n{\"a\": \"", new Endless());
        assertThat(rows.next()).isTrue();
        assertThatThrownBy(rows::next)
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("row 2")
                .hasMessageContaining("longer than 16 MiB");
    }

    private static Rows open(String start, InputStream rest) {
        return Table.open(
                        "t",
                        new SequenceInputStream(new ByteArrayInputStream(start.getBytes(StandardCharsets.UTF_8)), rest),
                        Table.Options.NONE)
                .rows();
    }
}
