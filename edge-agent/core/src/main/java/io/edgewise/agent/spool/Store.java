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
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// The spool's file with the books of its lanes. A damaged file is set aside and replaced by a new one
/// with a new epoch. Used by one thread at a time; books may be read from anywhere.
final class Store {
    private static final String FILE = "spool.db";

    /// Where the spool lives and what it may hold.
    record Place(Path folder, Map<Lane, LaneFormat> formats, Bounds bounds, Surroundings surroundings) {}

    private final Place place;
    /// Epochs must differ between devices whatever else they share: two with the same would count as one.
    private final SecureRandom random = new SecureRandom();

    private volatile Map<Lane, LaneBook> books = Map.of();
    private volatile Optional<Path> setAside = Optional.empty();
    private @Nullable SpoolFile file;
    private @Nullable AgeClock clock;
    private @Nullable HighWater highWater;
    private @Nullable DiskRoom room;
    /// Whether the file may not grow.
    private boolean isScarce;

    Store(Place place) {
        this.place = place;
    }

    void open() throws SQLException, IOException, SpoolFailure {
        Files.createDirectories(place.folder());
        Path log = place.folder().resolve(FILE + "-wal");
        room = DiskRoom.of(place.folder(), List.of(place.folder().resolve(FILE), log));
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

    long append(Lane lane, Weight weight, byte[] body, boolean hasText) throws SQLException {
        if (isScarce) {
            trim();
        }
        return book(lane).append(file(), weight, body, hasText);
    }

    List<Page.Stored> read(Lane lane, long after, int limit) throws SQLException {
        return book(lane).read(file(), after, limit);
    }

    /// Whether there is something to do without a new record.
    boolean hasChores() {
        return books.values().stream().anyMatch(book -> book.hasLeftovers() || book.isDue() || book.isChanged());
    }

    boolean isChanged(Lane lane) {
        return book(lane).isChanged();
    }

    boolean isIdle() {
        return books.values().stream().allMatch(book -> book.counts().pending() == 0);
    }

    /// Makes what was appended durable, and deletes what was acknowledged on the way.
    void commit() throws SQLException {
        trim();
        for (LaneBook book : books.values()) {
            if (book.isDue()) {
                book.expire(file());
                file().age(clock().mark());
            }
            book.mark(file());
        }
        file().commit();
        books.values().forEach(LaneBook::publish);
        rememberHighWater();
        lookAtDisk();
    }

    /// After a commit or a rollback, when nothing is pending: what was done stays done, whatever this meets.
    private void lookAtDisk() {
        DiskRoom disk = room;
        boolean isNow = disk != null && disk.isScarce(isScarce);
        if (isNow == isScarce) {
            return;
        }
        try {
            if (isNow) {
                file().stopGrowing();
            } else {
                file().grow();
            }
            isScarce = isNow;
        } catch (SQLException e) {
            System.getLogger(Store.class.getName())
                    .log(System.Logger.Level.DEBUG, "the spool in " + place.folder() + " is opened again", e);
            openAnew();
        }
    }

    /// When that fails too, whoever needs the file next tries.
    private void openAnew() {
        try {
            reopen();
        } catch (SQLException e) {
            System.getLogger(Store.class.getName())
                    .log(System.Logger.Level.WARNING, "cannot open the spool in " + place.folder(), e);
        }
    }

    /// Of a connection that is new.
    private void fit(SpoolFile opened) throws SQLException {
        DiskRoom disk = room;
        if (disk != null) {
            opened.logPages(disk.logPages());
        }
        if (isScarce) {
            opened.stopGrowing();
        }
    }

    /// Deletes what was acknowledged, with the next commit.
    private void trim() throws SQLException {
        for (LaneBook book : books.values()) {
            if (book.hasLeftovers()) {
                book.trim(file());
            }
        }
    }

    /// Where there was no room, what was acknowledged is deleted by itself, which makes some.
    void undo() throws SQLException {
        restore();
        if (isScarce && books.values().stream().anyMatch(LaneBook::hasLeftovers)) {
            try {
                trim();
                file().commit();
                books.values().forEach(LaneBook::publish);
            } catch (SQLException e) {
                restore();
                throw e;
            }
        }
    }

    private void restore() throws SQLException {
        if (!isRolledBack()) {
            reopen();
        }
        lookAtDisk();
        for (LaneBook book : books.values()) {
            book.reload(file());
        }
    }

    private boolean isRolledBack() {
        SpoolFile current = file;
        try {
            if (current != null) {
                current.rollback();
            }
            return current != null;
        } catch (SQLException e) {
            return false;
        }
    }

    /// Where the disk was full SQLite has rolled back by itself, and a connection that does not know that
    /// takes nothing ever again. When this fails too, the next one tries.
    private void reopen() throws SQLException {
        SpoolFile current = file;
        file = null;
        if (current != null) {
            current.close();
        }
        SpoolFile opened = SpoolFile.reopen(place.folder().resolve(FILE));
        file = opened;
        fit(opened);
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
        HighWater kept = highWater;
        if (kept != null) {
            try {
                kept.close();
            } catch (IOException e) {
                throw new SQLException("cannot close " + HighWater.FILE, e);
            }
        }
    }

    private void load() throws SQLException {
        long fresh = random.nextLong();
        SpoolFile opened = SpoolFile.open(place.folder().resolve(FILE), fresh == 0 ? 1 : fresh);
        try {
            AgeClock time = new AgeClock(
                    place.surroundings(), opened.age(), place.bounds().age());
            Seal seal = new Seal(place.surroundings().key());
            check(opened, seal);
            LaneBook.Own own = new LaneBook.Own(opened.epoch(), seal, time, new Quarantine(place.folder()));
            Map<Lane, LaneBook> loaded = new EnumMap<>(Lane.class);
            for (Map.Entry<Lane, LaneFormat> entry : place.formats().entrySet()) {
                Lane lane = entry.getKey();
                loaded.put(lane, new LaneBook(lane, entry.getValue(), place.bounds(), own, opened.state(lane)));
            }
            SpoolFile recovered = recover(opened, loaded);
            file = recovered;
            isScarce = false;
            fit(recovered);
            books = Map.copyOf(loaded);
            clock = time;
        } catch (SQLException e) {
            opened.close();
            throw e;
        }
    }

    private SpoolFile recover(SpoolFile opened, Map<Lane, LaneBook> loaded) throws SQLException {
        boolean isBehind = false;
        try {
            HighWater kept = HighWater.open(place.folder());
            if (highWater != null) {
                highWater.close();
            }
            highWater = kept;
            for (Map.Entry<Lane, LaneBook> entry : loaded.entrySet()) {
                long high = kept.of(opened.epoch(), entry.getKey());
                isBehind |= high > opened.state(entry.getKey()).lastSeq();
                entry.getValue().recover(opened, high);
                entry.getValue().mark(opened);
                entry.getValue().publish();
            }
            opened.commit();
            return opened;
        } catch (SQLException e) {
            if (isBehind || !SpoolFile.isFull(e)) {
                throw e;
            }
            // Nothing was to be recovered. With a full disk it starts as it was left, and serves.
            opened.close();
            SpoolFile again = SpoolFile.reopen(place.folder().resolve(FILE));
            for (LaneBook book : loaded.values()) {
                book.reload(again);
                book.publish();
            }
            return again;
        } catch (IOException e) {
            throw new SQLException("cannot read " + place.folder().resolve(HighWater.FILE) + ": " + e.getMessage(), e);
        }
    }

    private void rememberHighWater() {
        HighWater kept = highWater;
        if (kept == null) {
            return;
        }
        try {
            kept.write(book(Lane.OBSERVATIONS).epoch(), lastSeq(Lane.OBSERVATIONS), lastSeq(Lane.FEEDBACK));
        } catch (IOException e) {
            // It is a second guard only, and it may be behind.
            System.getLogger(Store.class.getName())
                    .log(System.Logger.Level.DEBUG, "cannot write " + HighWater.FILE + " in " + place.folder(), e);
        }
    }

    private long lastSeq(Lane lane) {
        LaneBook book = books.get(lane);
        return book == null ? 0 : book.counts().lastSeq();
    }

    /// Found at once: a spool whose key is lost is as good as damaged.
    private static void check(SpoolFile file, Seal seal) throws SQLException {
        if (!seal.hasKey()) {
            return;
        }
        Optional<byte[]> known = file.keyCheck();
        if (known.isPresent()) {
            if (seal.open(known.get(), file.epoch(), Lane.OBSERVATIONS, 0).isEmpty()) {
                throw new SQLiteException("the spool was encrypted with another key", SQLiteErrorCode.SQLITE_CORRUPT);
            }
        } else {
            file.keyCheck(seal.close(new byte[] {1}, file.epoch(), Lane.OBSERVATIONS, 0));
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

    private AgeClock clock() throws SQLException {
        AgeClock current = clock;
        if (current == null) {
            throw new SQLException("the spool's file is not open");
        }
        return current;
    }

    private SpoolFile file() throws SQLException {
        SpoolFile current = file;
        if (current == null) {
            throw new SQLException("the spool's file is not open");
        }
        return current;
    }
}
