// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What PostgreSQL's sessions did and waited for while it ran, by looking at them every few milliseconds: without it a
/// slow flush says nothing about whether the processor, the disk or a lock was short. Says too how long the longest
/// statements took.
final class DatabaseWaits implements AutoCloseable {
    private static final long EVERY_MS = 20;
    private static final int MOST = 12;

    private static final String LOOK = """
            SELECT coalesce(wait_event_type || ' ' || wait_event, 'running'),
                   regexp_replace(substring(query FOR 60), '\\s+', ' ', 'g'),
                   (extract(epoch FROM clock_timestamp() - query_start) * 1000)::bigint,
                   (SELECT (extract(epoch FROM clock_timestamp() - passed_at) * 1000)::bigint FROM evaluator.keeping)
              FROM pg_stat_activity
             WHERE state = 'active' AND pid <> pg_backend_pid() AND backend_type = 'client backend'
            """;

    private final Connection connection;
    private final Map<String, Integer> seen = new HashMap<>();
    private final Map<String, Long> longest = new HashMap<>();
    private final Thread looking = Thread.ofPlatform().name("database-waits").unstarted(this::look);
    private volatile boolean isOver;
    private int looks;
    private long keeperLagMs;

    DatabaseWaits(Ground ground) throws SQLException {
        connection = ground.database().source().getConnection();
        looking.start();
    }

    private void look() {
        try (PreparedStatement sql = connection.prepareStatement(LOOK)) {
            while (!isOver) {
                try (ResultSet rows = sql.executeQuery()) {
                    while (rows.next()) {
                        String what = rows.getString(2).strip();
                        seen.merge(rows.getString(1) + " | " + what, 1, Integer::sum);
                        longest.merge(what, rows.getLong(3), Math::max);
                        keeperLagMs = Math.max(keeperLagMs, rows.getLong(4));
                    }
                }
                looks++;
                Thread.sleep(EVERY_MS);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the sessions of PostgreSQL cannot be looked at", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Share of the looks that found a session so, and the longest of each statement.
    Map<String, Object> said() throws InterruptedException {
        isOver = true;
        looking.join();
        Map<String, Object> shares = new LinkedHashMap<>();
        most(seen).forEach(entry -> shares.put(entry.getKey(), Work.rounded((double) entry.getValue() / looks)));
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("shareOfTime", shares);
        Map<String, Object> times = new LinkedHashMap<>();
        most(longest).forEach(entry -> times.put(entry.getKey(), entry.getValue()));
        said.put("longestMs", times);
        said.put("keepersWereBehindMs", keeperLagMs);
        return said;
    }

    private static <N extends Comparable<N>> List<Map.Entry<String, N>> most(Map<String, N> all) {
        List<Map.Entry<String, N>> entries = new ArrayList<>(all.entrySet());
        entries.sort(Map.Entry.comparingByValue(Comparator.reverseOrder()));
        return entries.subList(0, Math.min(MOST, entries.size()));
    }

    @Override
    public void close() throws SQLException {
        isOver = true;
        connection.close();
    }
}
