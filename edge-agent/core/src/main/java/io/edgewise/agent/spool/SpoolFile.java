// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.spool;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// The spool's SQLite file: WAL with a sync on every commit, held by one process. Used by one thread at a
/// time.
final class SpoolFile implements AutoCloseable {
    private static final String SCHEMA = """
            CREATE TABLE IF NOT EXISTS spool (
                id INTEGER PRIMARY KEY CHECK (id = 0),
                epoch INTEGER NOT NULL,
                age_ms INTEGER NOT NULL DEFAULT 0,
                wall_ms INTEGER NOT NULL DEFAULT 0,
                key_check BLOB
            );
            CREATE TABLE IF NOT EXISTS lane (
                lane INTEGER PRIMARY KEY,
                last_seq INTEGER NOT NULL,
                dropped INTEGER NOT NULL,
                handed INTEGER NOT NULL DEFAULT 0
            );
            CREATE TABLE IF NOT EXISTS record (
                lane INTEGER NOT NULL,
                seq INTEGER NOT NULL,
                weight INTEGER NOT NULL,
                bytes BLOB NOT NULL,
                at INTEGER NOT NULL DEFAULT 0,
                crc INTEGER,
                PRIMARY KEY (lane, seq)
            ) WITHOUT ROWID;
            """;
    /// What files of the first format lack. All they held may have been sent.
    private static final List<String> SECOND = List.of(
            "ALTER TABLE spool ADD COLUMN age_ms INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE spool ADD COLUMN wall_ms INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE spool ADD COLUMN key_check BLOB",
            "ALTER TABLE lane ADD COLUMN handed INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE record ADD COLUMN at INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE record ADD COLUMN crc INTEGER",
            "UPDATE lane SET handed = last_seq");
    private static final int FORMAT = 2;
    /// As many as SQLite can have.
    private static final long MOST_PAGES = 4_294_967_294L;

    /// What is stored of a lane.
    record LaneState(long lastSeq, long dropped, long handed, long records, long bytes, long firstSeq) {}

    /// A row without its content; `at` by the spool's own time.
    record Row(long seq, int weight, long size, long at) {}

    /// A row, and whether it is as it was written.
    record Found(Page.Stored record, int weight, boolean isWhole) {}

    private final Connection connection;
    private final PreparedStatement insert;
    private final PreparedStatement mark;
    private final PreparedStatement page;
    private final PreparedStatement size;
    private final PreparedStatement trim;
    private final PreparedStatement delete;

    private SpoolFile(Connection connection) throws SQLException {
        this.connection = connection;
        insert = connection.prepareStatement(
                "INSERT INTO record (lane, seq, weight, bytes, at, crc) VALUES (?, ?, ?, ?, ?, ?)");
        mark = connection.prepareStatement("UPDATE lane SET last_seq = ?, dropped = ?, handed = ? WHERE lane = ?");
        page = connection.prepareStatement(
                "SELECT seq, bytes, crc, weight FROM record WHERE lane = ? AND seq > ? ORDER BY seq LIMIT ?");
        size = connection.prepareStatement(
                "SELECT count(*), coalesce(sum(length(bytes)), 0) FROM record WHERE lane = ? AND seq <= ?");
        trim = connection.prepareStatement("DELETE FROM record WHERE lane = ? AND seq <= ?");
        delete = connection.prepareStatement("DELETE FROM record WHERE lane = ? AND seq = ?");
    }

    /// Opens the file, or creates it with this epoch. Throws when it is damaged or held by another process.
    static SpoolFile open(Path file, long newEpoch) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try {
            prepare(connection, newEpoch);
            return new SpoolFile(connection);
        } catch (SQLException e) {
            connection.close();
            if (isFull(e)) {
                // There is hardly anything to prepare in a file of an earlier life; what is there can be sent.
                return reopen(file);
            }
            throw e;
        }
    }

    /// Opens a file that this process has had open, and has closed. Writes nothing: the disk may be full.
    static SpoolFile reopen(Path file) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try {
            try (Statement statement = connection.createStatement()) {
                settings(statement);
            }
            connection.setAutoCommit(false);
            return new SpoolFile(connection);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private static void settings(Statement statement) throws SQLException {
        statement.execute("PRAGMA locking_mode = EXCLUSIVE");
        statement.execute("PRAGMA journal_mode = WAL");
        statement.execute("PRAGMA synchronous = FULL");
        statement.execute("PRAGMA cache_size = -512");
        statement.execute("PRAGMA journal_size_limit = 4194304");
    }

    private static void prepare(Connection connection, long newEpoch) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            settings(statement);
            check(statement);
            connection.setAutoCommit(false);
            upgrade(statement);
            statement.executeUpdate(SCHEMA);
            statement.execute("PRAGMA user_version = " + FORMAT);
        }
        try (PreparedStatement create =
                connection.prepareStatement("INSERT OR IGNORE INTO spool (id, epoch) VALUES (0, ?)")) {
            create.setLong(1, newEpoch);
            create.executeUpdate();
        }
        try (PreparedStatement create =
                connection.prepareStatement("INSERT OR IGNORE INTO lane (lane, last_seq, dropped) VALUES (?, 0, 0)")) {
            for (Lane lane : Lane.values()) {
                create.setInt(1, lane.code());
                create.executeUpdate();
            }
        }
        connection.commit();
    }

    private static void upgrade(Statement statement) throws SQLException {
        boolean isFirst;
        try (ResultSet result =
                statement.executeQuery("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'spool'")) {
            isFirst = result.next() && result.getInt(1) == 1 && version(statement) == 0;
        }
        if (isFirst) {
            for (String step : SECOND) {
                statement.executeUpdate(step);
            }
        }
    }

    private static int version(Statement statement) throws SQLException {
        try (Statement own = statement.getConnection().createStatement();
                ResultSet result = own.executeQuery("PRAGMA user_version")) {
            int version = result.next() ? result.getInt(1) : 0;
            if (version > FORMAT) {
                throw new SQLException("the spool was written by a newer program, in format " + version
                        + "; this one reads up to format " + FORMAT + ": update the agent");
            }
            return version;
        }
    }

    private static void check(Statement statement) throws SQLException {
        try (ResultSet result = statement.executeQuery("PRAGMA quick_check(1)")) {
            if (!result.next() || !"ok".equals(result.getString(1))) {
                throw new SQLiteException("quick_check found damage", SQLiteErrorCode.SQLITE_CORRUPT);
            }
        }
    }

    /// Whether the file's content, not its surroundings, is at fault.
    static boolean isDamage(Throwable failure) {
        return has(failure, SQLiteErrorCode.SQLITE_CORRUPT) || has(failure, SQLiteErrorCode.SQLITE_NOTADB);
    }

    static boolean isFull(SQLException failure) {
        return has(failure, SQLiteErrorCode.SQLITE_FULL);
    }

    static boolean isHeld(SQLException failure) {
        return has(failure, SQLiteErrorCode.SQLITE_BUSY);
    }

    private static boolean has(Throwable failure, SQLiteErrorCode code) {
        return failure instanceof SQLiteException sqlite && (sqlite.getResultCode().code & 0xff) == code.code;
    }

    long epoch() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT epoch FROM spool")) {
            if (!result.next() || result.getLong(1) == 0) {
                throw new SQLiteException("the spool has no epoch", SQLiteErrorCode.SQLITE_CORRUPT);
            }
            return result.getLong(1);
        }
    }

    LaneState state(Lane lane) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT last_seq, dropped, handed, count(seq), coalesce(sum(length(bytes)), 0),
                       coalesce(min(seq), last_seq + 1)
                FROM lane LEFT JOIN record USING (lane) WHERE lane = ? GROUP BY lane
                """)) {
            query.setInt(1, lane.code());
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    throw new SQLiteException("the spool has no lane " + lane, SQLiteErrorCode.SQLITE_CORRUPT);
                }
                return new LaneState(
                        row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5), row.getLong(6));
            }
        }
    }

    AgeClock.Mark age() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT age_ms, wall_ms FROM spool")) {
            return result.next() ? new AgeClock.Mark(result.getLong(1), result.getLong(2)) : new AgeClock.Mark(0, 0);
        }
    }

    /// A record sealed with the spool's key, where it ever had one.
    Optional<byte[]> keyCheck() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT key_check FROM spool")) {
            return result.next() ? Optional.ofNullable(result.getBytes(1)) : Optional.empty();
        }
    }

    void keyCheck(byte[] sealed) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE spool SET key_check = ?")) {
            update.setBytes(1, sealed);
            update.executeUpdate();
        }
        connection.commit();
    }

    void age(AgeClock.Mark mark) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE spool SET age_ms = ?, wall_ms = ?")) {
            update.setLong(1, mark.ageMs());
            update.setLong(2, mark.wallMs());
            update.executeUpdate();
        }
    }

    void insert(Lane lane, long seq, Weight weight, byte[] bytes, long at) throws SQLException {
        insert.setInt(1, lane.code());
        insert.setLong(2, seq);
        insert.setInt(3, weight.code());
        insert.setBytes(4, bytes);
        insert.setLong(5, at);
        insert.setLong(6, crc(bytes));
        insert.executeUpdate();
    }

    void mark(Lane lane, long lastSeq, long dropped, long handed) throws SQLException {
        mark.setLong(1, lastSeq);
        mark.setLong(2, dropped);
        mark.setLong(3, handed);
        mark.setInt(4, lane.code());
        mark.executeUpdate();
    }

    List<Found> page(Lane lane, long after, int limit) throws SQLException {
        page.setInt(1, lane.code());
        page.setLong(2, after);
        page.setInt(3, limit);
        List<Found> records = new ArrayList<>();
        try (ResultSet row = page.executeQuery()) {
            while (row.next()) {
                byte[] bytes = row.getBytes(2);
                // Files of the first format have none.
                boolean isWhole = row.getLong(3) == crc(bytes) || row.wasNull();
                records.add(new Found(new Page.Stored(row.getLong(1), bytes), row.getInt(4), isWhole));
            }
        }
        return records;
    }

    private static long crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return crc.getValue();
    }

    /// Rows of a weight beyond a sequence, oldest first.
    List<Row> rows(Lane lane, Weight weight, long after, int limit) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT seq, weight, length(bytes), at FROM record"
                + " WHERE lane = ? AND weight = ? AND seq > ? ORDER BY seq LIMIT ?")) {
            query.setInt(1, lane.code());
            query.setInt(2, weight.code());
            query.setLong(3, after);
            query.setInt(4, limit);
            List<Row> rows = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    rows.add(new Row(row.getLong(1), row.getInt(2), row.getLong(3), row.getLong(4)));
                }
            }
            return rows;
        }
    }

    void delete(Lane lane, long seq) throws SQLException {
        delete.setInt(1, lane.code());
        delete.setLong(2, seq);
        delete.executeUpdate();
    }

    /// What the rows up to a sequence amount to.
    Amount amount(Lane lane, long through) throws SQLException {
        size.setInt(1, lane.code());
        size.setLong(2, through);
        try (ResultSet row = size.executeQuery()) {
            row.next();
            return new Amount(row.getLong(1), row.getLong(2));
        }
    }

    /// Deletes all up to a sequence and returns what that freed.
    Amount trim(Lane lane, long through) throws SQLException {
        Amount amount = amount(lane, through);
        trim.setInt(1, lane.code());
        trim.setLong(2, through);
        trim.executeUpdate();
        return amount;
    }

    /// Rows and their bytes.
    record Amount(long records, long bytes) {}

    void commit() throws SQLException {
        connection.commit();
    }

    /// Copies the log into the file after so many pages of it.
    void logPages(long pages) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_autocheckpoint = " + pages);
        }
    }

    /// From here on the file does not grow: records go where others were deleted. Nothing may be pending.
    void stopGrowing() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            copyLog(statement);
            try (ResultSet result = statement.executeQuery("PRAGMA page_count")) {
                long pages = result.next() ? result.getLong(1) : MOST_PAGES;
                statement.execute("PRAGMA max_page_count = " + pages);
            }
        }
        connection.rollback();
    }

    private static void copyLog(Statement statement) throws SQLException {
        try {
            statement.execute("PRAGMA wal_checkpoint(PASSIVE)");
        } catch (SQLException e) {
            if (!isFull(e)) {
                throw e;
            }
            // Others have filled the disk. What the log holds stays there until they make room.
        }
    }

    void grow() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA max_page_count = " + MOST_PAGES);
        }
    }

    void rollback() throws SQLException {
        connection.rollback();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
