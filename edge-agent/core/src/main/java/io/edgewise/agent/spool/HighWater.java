// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/// The last sequences that were committed, in a small file beside the spool's. SQLite takes a damaged end
/// of its log for the end of the log: without this, sequences that were given once would be given again.
/// Written after each commit and never synced: it may be behind, never ahead.
final class HighWater implements AutoCloseable {
    static final String FILE = "spool.high";
    private static final int BYTES = Long.BYTES * (1 + Lane.values().length) + Long.BYTES;

    private final FileChannel channel;

    private HighWater(FileChannel channel) {
        this.channel = channel;
    }

    static HighWater open(Path folder) throws IOException {
        return new HighWater(FileChannel.open(
                folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    /// The last sequence of a lane in this epoch, 0 where the file does not say.
    long of(long epoch, Lane lane) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        int read = 0;
        while (bytes.hasRemaining() && read >= 0) {
            read = channel.read(bytes, bytes.position());
        }
        boolean isWhole = !bytes.hasRemaining() && bytes.getLong(BYTES - Long.BYTES) == crc(bytes.array());
        return isWhole && bytes.getLong(0) == epoch ? bytes.getLong(Long.BYTES * (1 + lane.code())) : 0;
    }

    void write(long epoch, long observations, long feedback) throws IOException {
        ByteBuffer bytes =
                ByteBuffer.allocate(BYTES).putLong(epoch).putLong(observations).putLong(feedback);
        bytes.putLong(crc(bytes.array())).flip();
        while (bytes.hasRemaining()) {
            channel.write(bytes, bytes.position());
        }
    }

    private static long crc(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content, 0, BYTES - Long.BYTES);
        return crc.getValue();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
