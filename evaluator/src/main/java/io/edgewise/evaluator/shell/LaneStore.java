// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.evaluator.Book;
import io.edgewise.evaluator.Lane;
import io.edgewise.evaluator.LaneId;
import io.edgewise.evaluator.LaneTools;
import io.edgewise.runtime.jdbc.Database;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Book and lanes in PostgreSQL: offsets, marks, blocks, evidence and windows change together or not at all.
final class LaneStore {
    private final Database database;
    private UUID owner = UUID.randomUUID();

    LaneStore(Database database) {
        this.database = database;
    }

    /// A taken lane and where it goes on.
    record Owned(Claim claim, long nextOffset) {}

    /// A taken book.
    record OwnedBook(Book book, BookClaims.BookClaim claim) {}

    /// Takes a book, and reads its counters.
    OwnedBook takeBook(LaneTools tools) throws SQLException {
        UUID previous = owner;
        UUID fresh = UUID.randomUUID();
        OwnedBook owned = database.transact(sql -> {
            BookClaims.BookClaim claim = BookClaims.take(sql, previous, fresh);
            Book book = new Book(tools);
            sql.list(
                    "SELECT name, amount FROM evaluator.counter WHERE writer = ?",
                    row -> {
                        book.restore(row.getString(1), row.getLong(2));
                        return true;
                    },
                    claim.number());
            return new OwnedBook(book, claim);
        });
        owner = fresh;
        return owned;
    }

    /// Tells the others that this book is in use although there is nothing to flush. False when it is taken already.
    boolean keep(OwnedBook owned) throws SQLException {
        return database.transact(sql -> BookClaims.hold(sql, owned.claim()));
    }

    /// Lets another instance have the book at once.
    void release(@Nullable OwnedBook owned) throws SQLException {
        if (owned != null) {
            database.transact(sql -> BookClaims.release(sql, owned.claim()));
        }
    }

    /// Takes the lanes and reads what is stored of them. `begins` says where the log begins now,
    /// `partitions` how many the topic has.
    SortedMap<LaneId, Owned> take(
            SortedMap<LaneId, Long> begins, Map<LaneId, Integer> partitions, LaneTools tools, Book book)
            throws SQLException {
        UUID token = UUID.randomUUID();
        return database.transact(sql -> {
            SortedMap<LaneId, LaneClaims.Taken> taken = LaneClaims.take(sql, begins, token);
            SortedMap<LaneId, Owned> owned = new TreeMap<>();
            SortedMap<LaneId, Lane> lanes = new TreeMap<>();
            taken.forEach((id, at) -> {
                Lane lane = new Lane(
                        id,
                        partitions.getOrDefault(id, 1),
                        tools,
                        book,
                        new Lane.Claimed(at.nextOffset(), at.lastAppendMs()));
                lanes.put(id, lane);
                owned.put(id, new Owned(new Claim(lane, at.epoch(), token), at.nextOffset()));
            });
            LaneReader.load(sql, lanes);
            return owned;
        });
    }

    /// How a flush ended.
    sealed interface Flushed permits Written, Fenced {}

    /// @param partRows one per stratum and minute
    /// @param keys slices of all parts
    record Written(int partRows, int keys, int disagreementRows) implements Flushed {}

    /// Nothing was stored: these lanes belong to somebody else by now. None of them where it was the book.
    record Fenced(SortedSet<LaneId> lanes) implements Flushed {}

    /// Stores everything that changed, in one transaction. An exception leaves open whether anything was stored.
    Flushed flush(HandOver what) throws SQLException {
        BookWriter writer = new BookWriter(what.book().number(), what.changes());
        CopyRows log = new CopyRows();
        what.lanes().forEach((claim, changes) -> {
            if (changes.hasLog()) {
                log.row(3)
                        .put(claim.lane().id().number())
                        .put(changes.nextOffset())
                        .put(changes.log());
            }
        });
        try {
            return database.transact(sql -> {
                if (!BookClaims.hold(sql, what.book())) {
                    throw new LaneClaims.Fenced(new TreeSet<>());
                }
                LaneClaims.advance(sql, what.lanes());
                log.send(sql.connection(), LOG);
                writer.write(sql);
                return new Written(
                        writer.partRows(),
                        writer.keys(),
                        what.changes().disagreements().size());
            });
        } catch (LaneClaims.Fenced e) {
            return new Fenced(e.lanes());
        }
    }

    /// Moves marks and blocks from the log to rows of their own, after everything that changed was stored: rows that
    /// are ahead of their lane's offset would make duplicates of records that are read again. Says so when these
    /// lanes are not its own.
    Optional<Fenced> writeRows(HandOver what) throws SQLException {
        try {
            database.transact(sql -> {
                LaneClaims.hold(sql, what.moving());
                what.rows().write(sql);
                return true;
            });
            return Optional.empty();
        } catch (LaneClaims.Fenced e) {
            return Optional.of(new Fenced(e.lanes()));
        }
    }

    /// How long ago keepers had added up all that flushes appended; 0 where nobody ever did.
    long keeperLagMs() throws SQLException {
        return database.read(sql -> sql.list(KEEPER_LAG, row -> row.getLong(1))).stream()
                .findFirst()
                .orElse(0L);
    }

    /// Notes that a partition stopped because the log no longer holds what comes next.
    void countStop(LaneId lane, String counter) throws SQLException {
        database.transact(sql -> sql.update("""
                INSERT INTO evaluator.counter (writer, name, amount) VALUES (?, ?, 1)
                    ON CONFLICT (writer, name) DO UPDATE SET amount = greatest(counter.amount, 1)
                """, -1 - lane.number(), counter));
    }

    private static final String KEEPER_LAG = """
            SELECT (extract(epoch FROM clock_timestamp() - passed_at) * 1000)::bigint FROM evaluator.keeping
            """;

    private static final String LOG = """
            COPY evaluator.device_log (lane, next_offset, part) FROM STDIN (FORMAT binary)
            """;
}
