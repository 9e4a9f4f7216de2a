// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.controller.CanonicalHash;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.jdbc.Sql;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Requests that carry an `Idempotency-Key` are done once: a repetition is answered as the first was, in the same
/// transaction that does the work. Keys are kept for a day.
final class Requests {
    private static final Duration KEPT = Duration.ofDays(1);
    private static final int LONGEST = 128;

    private Requests() {}

    /// The key and what was asked; a key with another question is refused.
    record Once(@Nullable String key, String asked) {
        static final Once NO = new Once(null, "");
    }

    static <T> T once(Sql sql, String tenant, Once once, Instant now, Class<T> type, Database.Work<T> work)
            throws SQLException {
        String key = once.key();
        if (key == null || key.isBlank()) {
            return work.run(sql);
        }
        if (key.length() > LONGEST) {
            throw Problem.invalid("the Idempotency-Key", "it may have " + LONGEST + " characters");
        }
        String digest = CanonicalHash.of(once.asked().getBytes(StandardCharsets.UTF_8));
        sql.update("DELETE FROM controller.request WHERE at < ?", Times.of(now.minus(KEPT)));
        int first = sql.update("""
                INSERT INTO controller.request (tenant, key, digest, answer, at) VALUES (?, ?, ?, '', ?)
                ON CONFLICT DO NOTHING
                """, tenant, key, digest, Times.of(now));
        if (first == 0) {
            record Known(String digest, String answer) {}
            Optional<Known> known = sql.first(
                    "SELECT digest, answer FROM controller.request WHERE tenant = ? AND key = ?",
                    row -> new Known(row.getString(1), row.getString(2)),
                    tenant,
                    key);
            if (known.isPresent() && known.get().digest().equals(digest)) {
                return Json.stored(known.get().answer(), type);
            }
            throw Problem.conflict(
                    "this Idempotency-Key was used for another request", "make a new key for a new request");
        }
        T answer = work.run(sql);
        sql.updateOne(
                "UPDATE controller.request SET answer = ? WHERE tenant = ? AND key = ?",
                Json.write(answer),
                tenant,
                key);
        return answer;
    }
}
