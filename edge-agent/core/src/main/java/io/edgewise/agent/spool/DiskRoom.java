// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.spool;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// How much room of its disk the spool must leave, for otherwise it could not even delete any more: what is
/// deleted is written to the write-ahead log first, and the log can begin anew only when all that it holds fits into
/// the spool's file. So the file grows no more before the disk is full.
final class DiskRoom {
    private static final long MOST = 8L << 20;
    private static final int PART = 4;
    private static final int PAGE = 4_096;
    /// SQLite's own default.
    private static final long LOG_PAGES = 1_000;

    private final FileStore disk;
    private final long reserve;

    private DiskRoom(FileStore disk, long reserve) {
        this.disk = disk;
        this.reserve = reserve;
    }

    /// @param own the spool's files
    static DiskRoom of(Path folder, List<Path> own) throws IOException {
        FileStore disk = Files.getFileStore(folder);
        long could = disk.getUsableSpace();
        for (Path file : own) {
            could += Files.exists(file) ? Files.size(file) : 0;
        }
        return new DiskRoom(disk, Math.min(MOST, could / PART));
    }

    /// After how many pages the log is copied into the file: half of what is left, so that the other half holds what
    /// comes to the log meanwhile. Where nothing is left, as always.
    long logPages() {
        return reserve <= 0 ? LOG_PAGES : Math.clamp(reserve / 2 / PAGE, 1, LOG_PAGES);
    }

    /// Whether the file may not grow. Once so, it may again only when there is much more.
    boolean isScarce(boolean before) {
        try {
            return disk.getUsableSpace() < (before ? 2 * reserve : reserve);
        } catch (IOException e) {
            return before;
        }
    }
}
