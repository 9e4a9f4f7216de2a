// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.evaluator.Book;
import io.edgewise.evaluator.BookChanges;
import io.edgewise.evaluator.Lane;
import io.edgewise.evaluator.LaneChanges;
import io.edgewise.evaluator.LaneId;
import io.edgewise.evaluator.LaneTools;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
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

    /// Takes the lanes and reads what is stored of them. `begins` says where the log begins now, `partitions` how many
    /// the topic has.
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
    sealed interface Flushed permits Stored, Fenced {}

    /// @param logBytes how much the log of each lane grew
    /// @param partRows one per stratum and minute
    /// @param keys slices of all parts
    record Stored(Map<Claim, Integer> logBytes, int partRows, int keys, int disagreementRows) implements Flushed {}

    /// Nothing was stored: these lanes belong to somebody else by now. None of them where it was the book.
    record Fenced(SortedSet<LaneId> lanes) implements Flushed {}

    /// Stores everything that changed, in one transaction. An exception leaves open whether anything was stored.
    Flushed flush(OwnedBook owned, Collection<Claim> claims) throws SQLException {
        BookChanges book = owned.book().changes();
        BookWriter writer = new BookWriter(owned.claim().number(), book);
        Map<Claim, LaneChanges> lanes = new LinkedHashMap<>();
        Map<Claim, Integer> logBytes = new LinkedHashMap<>();
        CopyRows log = new CopyRows();
        for (Claim claim : claims) {
            LaneChanges changes = claim.lane().changes();
            lanes.put(claim, changes);
            if (changes.hasLog()) {
                logBytes.put(claim, changes.log().length);
                log.row(3)
                        .put(claim.lane().id().number())
                        .put(changes.nextOffset())
                        .put(changes.log());
            }
        }
        return fenced(sql -> {
            if (!BookClaims.hold(sql, owned.claim())) {
                throw new LaneClaims.Fenced(new TreeSet<>());
            }
            LaneClaims.advance(sql, lanes);
            log.send(sql.connection(), LOG);
            writer.write(sql);
            return new Stored(
                    logBytes,
                    writer.partRows(),
                    writer.keys(),
                    book.disagreements().size());
        });
    }

    /// Moves marks and blocks of these lanes from the log to rows of their own. The lanes have no unwritten changes.
    Flushed writeRows(Collection<Claim> claims) throws SQLException {
        LaneWriter writer = new LaneWriter();
        claims.forEach(claim -> writer.add(claim.lane().id(), claim.lane().rows()));
        return fenced(sql -> {
            LaneClaims.hold(sql, new LinkedHashSet<>(claims));
            writer.write(sql);
            return new Stored(Map.of(), 0, 0, 0);
        });
    }

    /// Notes that a partition stopped because the log no longer holds what comes next.
    void countStop(LaneId lane, String counter) throws SQLException {
        database.transact(sql -> sql.update("""
                INSERT INTO evaluator.counter (writer, name, amount) VALUES (?, ?, 1)
                    ON CONFLICT (writer, name) DO UPDATE SET amount = greatest(counter.amount, 1)
                """, -1 - lane.number(), counter));
    }

    private interface Writing {
        Stored write(Sql sql) throws SQLException;
    }

    private Flushed fenced(Writing writing) throws SQLException {
        try {
            return database.transact(writing::write);
        } catch (LaneClaims.Fenced e) {
            return new Fenced(e.lanes());
        }
    }

    private static final String LOG = """
            COPY evaluator.device_log (lane, next_offset, part) FROM STDIN (FORMAT binary)
            """;
}
