// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.runtime.jdbc.Sql;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Who writes which book. As with lanes, a number alone is not trusted: epoch and token must match at every flush.
final class BookClaims {
    private static final String FREE_AFTER = "30 seconds";

    private BookClaims() {}

    /// A book that this process owns, as long as the database still says so.
    record BookClaim(int number, long epoch, UUID owner) {}

    /// Takes the book that `previous` owned, one that nobody has written to for a while, or a new one.
    static BookClaim take(Sql sql, UUID previous, UUID owner) throws SQLException {
        sql.list("SELECT pg_advisory_xact_lock(hashtextextended('edgewise evaluator books', 0))", row -> true);
        List<BookClaim> taken = sql.list(
                """
                UPDATE evaluator.book
                   SET epoch = epoch + 1, owner = ?, flushed_at = now()
                 WHERE book = (SELECT book FROM evaluator.book
                                WHERE owner = ? OR flushed_at < now() - ?::interval
                                ORDER BY owner = ? DESC, book
                                LIMIT 1)
                RETURNING book, epoch
                """, row -> new BookClaim(row.getInt(1), row.getLong(2), owner), owner, previous, FREE_AFTER, previous);
        if (!taken.isEmpty()) {
            return taken.getFirst();
        }
        Optional<BookClaim> fresh = sql.first("""
                INSERT INTO evaluator.book (book, epoch, owner, flushed_at)
                SELECT coalesce(max(book) + 1, 0), 1, ?, now() FROM evaluator.book
                RETURNING book, epoch
                """, row -> new BookClaim(row.getInt(1), row.getLong(2), owner), owner);
        return fresh.orElseThrow();
    }

    static int release(Sql sql, BookClaim claim) throws SQLException {
        return sql.update(
                "UPDATE evaluator.book SET flushed_at = '-infinity' WHERE book = ? AND epoch = ? AND owner = ?",
                claim.number(),
                claim.epoch(),
                claim.owner());
    }

    /// Keeps the book's row locked until the end of the transaction. False when it belongs to somebody else by now.
    static boolean hold(Sql sql, BookClaim claim) throws SQLException {
        return sql.update(
                        "UPDATE evaluator.book SET flushed_at = now() WHERE book = ? AND epoch = ? AND owner = ?",
                        claim.number(),
                        claim.epoch(),
                        claim.owner())
                == 1;
    }
}
