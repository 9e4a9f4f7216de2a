// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The spool's file with the books of its lanes. A damaged file is set aside and replaced by a new one with a new
/// epoch. Used by one thread at a time; books may be read from anywhere.
final class Store {
    private static final String FILE = "spool.db";

    /// Where the spool lives and what it may hold.
    record Place(Path folder, Map<Lane, LaneFormat> formats, Bounds bounds) {}

    private final Place place;
    /// Epochs must differ between devices whatever else they share: two with the same would count as one.
    private final SecureRandom random = new SecureRandom();

    private volatile Map<Lane, LaneBook> books = Map.of();
    private volatile Optional<Path> setAside = Optional.empty();
    private @Nullable SpoolFile file;

    Store(Place place) {
        this.place = place;
    }

    void open() throws SQLException, IOException, SpoolFailure {
        Files.createDirectories(place.folder());
        try {
            load();
        } catch (SQLException e) {
            if (SpoolFile.isHeld(e)) {
                throw new SpoolFailure(
                        "the spool in " + place.folder()
                                + " is in use by another agent; each needs a folder of its own",
                        e);
            }
            if (!SpoolFile.isDamage(e)) {
                throw e;
            }
            moveAside();
            load();
        }
    }

    LaneBook book(Lane lane) {
        LaneBook book = books.get(lane);
        if (book == null) {
            throw new IllegalStateException("lane " + lane + " is not open");
        }
        return book;
    }

    Optional<Path> setAside() {
        return setAside;
    }

    long append(Lane lane, Weight weight, byte[] body) throws SQLException {
        return book(lane).append(file(), weight, body);
    }

    List<Page.Stored> read(Lane lane, long after, int limit) throws SQLException {
        return book(lane).read(file(), after, limit);
    }

    boolean hasLeftovers() {
        return books.values().stream().anyMatch(LaneBook::hasLeftovers);
    }

    boolean isIdle() {
        return books.values().stream().allMatch(book -> book.counts().pending() == 0);
    }

    /// Makes what was appended durable, and deletes what was acknowledged on the way.
    void commit() throws SQLException {
        for (LaneBook book : books.values()) {
            if (book.hasLeftovers()) {
                book.trim(file());
            }
        }
        file().commit();
        books.values().forEach(LaneBook::publish);
    }

    void undo() throws SQLException {
        file().rollback();
        for (LaneBook book : books.values()) {
            book.reload(file());
        }
    }

    /// Puts a new file in the place of a damaged one; false when that is impossible too.
    boolean replace() {
        try {
            file().close();
            moveAside();
            load();
            return true;
        } catch (SQLException | IOException e) {
            return false;
        }
    }

    void close() throws SQLException {
        file().close();
    }

    private void load() throws SQLException {
        long fresh = random.nextLong();
        SpoolFile opened = SpoolFile.open(place.folder().resolve(FILE), fresh == 0 ? 1 : fresh);
        try {
            long epoch = opened.epoch();
            Map<Lane, LaneBook> loaded = new EnumMap<>(Lane.class);
            for (Map.Entry<Lane, LaneFormat> entry : place.formats().entrySet()) {
                Lane lane = entry.getKey();
                loaded.put(lane, new LaneBook(lane, entry.getValue(), place.bounds(), epoch, opened.state(lane)));
            }
            books = Map.copyOf(loaded);
            file = opened;
        } catch (SQLException e) {
            opened.close();
            throw e;
        }
    }

    private void moveAside() throws IOException {
        Path folder = place.folder();
        Path to = folder.resolve("damaged-" + Long.toHexString(random.nextLong()));
        Files.createDirectory(to);
        for (String name : List.of(FILE, FILE + "-wal", FILE + "-shm")) {
            if (Files.exists(folder.resolve(name))) {
                Files.move(folder.resolve(name), to.resolve(name));
            }
        }
        setAside = Optional.of(to);
    }

    private SpoolFile file() throws SQLException {
        SpoolFile current = file;
        if (current == null) {
            throw new SQLException("the spool's file is not open");
        }
        return current;
    }
}
