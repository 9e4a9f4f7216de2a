// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/// Where the bytes of damaged records are put, for people to look at: so many and no more.
final class Quarantine {
    private static final int MOST = 100;

    private final Path folder;

    Quarantine(Path spool) {
        this.folder = spool.resolve("damaged-records");
    }

    void put(long epoch, Lane lane, Page.Stored record) {
        try {
            Files.createDirectories(folder);
            try (Stream<Path> there = Files.list(folder)) {
                if (there.limit(MOST).count() == MOST) {
                    return;
                }
            }
            String name = Long.toHexString(epoch) + "-" + lane.name().toLowerCase(Locale.ROOT) + "-" + record.seq();
            Files.write(folder.resolve(name), record.bytes());
        } catch (IOException e) {
            System.getLogger(Quarantine.class.getName())
                    .log(System.Logger.Level.WARNING, "the damaged record " + record.seq() + " cannot be set aside", e);
        }
    }
}
