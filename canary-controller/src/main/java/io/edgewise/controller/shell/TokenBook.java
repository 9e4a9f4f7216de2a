// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.controller.CanonicalHash;
import io.edgewise.runtime.access.AccessRole;
import io.edgewise.runtime.access.Caller;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.jdbc.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Generated tokens of people and machines: 256 random bits, kept as their SHA-256, shown once, with a role and an end.
/// Requests are checked against a copy in memory, which is read anew every few seconds.
@ApplicationScoped
public class TokenBook {
    private static final int RANDOM_BYTES = 32;
    private static final Duration LONGEST = Duration.ofDays(400);
    private static final String PREFIX = "edgewise_";

    private final Database database;
    private final InstantSource clock;
    private final String tenant;
    private final SecureRandom random = new SecureRandom();
    private volatile Map<String, Known> known = Map.of();

    private record Known(Caller caller, Instant expiresAt) {}

    public record TokenBody(
            @Nullable String name,
            @Nullable String role,
            @Nullable Integer days) {}

    /// `token` is there only in the answer to its creation.
    public record TokenView(
            String id,
            String name,
            String role,
            String createdBy,
            String createdAt,
            String expiresAt,
            @Nullable String token) {}

    @Inject
    public TokenBook(Database database, InstantSource clock, ControllerConfig config) {
        this.database = database;
        this.clock = clock;
        this.tenant = config.tenant();
    }

    /// Never asks the database: it is called for every request.
    public Optional<Caller> find(String token) {
        Known found = token.startsWith(PREFIX) ? known.get(hash(token)) : null;
        return found == null || !clock.instant().isBefore(found.expiresAt())
                ? Optional.empty()
                : Optional.of(found.caller());
    }

    /// Reads the tokens that hold. Those of other tenants open nothing here.
    public void refresh() throws SQLException {
        record Row(String sha256, Known known) {}
        Map<String, Known> fresh = new TreeMap<>();
        database.read(sql -> EvidenceRows.exists(sql, "controller.token")
                        ? sql.list(
                                """
                                SELECT name, role, sha256, expires_at FROM controller.token
                                WHERE tenant = ? AND revoked_at IS NULL AND expires_at > ?
                                """,
                                row -> new Row(
                                        row.getString("sha256"),
                                        new Known(
                                                new Caller(
                                                        row.getString("name"),
                                                        AccessRole.of(row.getString("role"))
                                                                .orElse(AccessRole.VIEWER),
                                                        false),
                                                Times.get(row, "expires_at"))),
                                tenant,
                                Times.of(clock.instant()))
                        : List.<Row>of())
                .forEach(row -> fresh.put(row.sha256(), row.known()));
        known = Map.copyOf(fresh);
    }

    TokenView create(String body, Caller caller) {
        TokenBody asked = Json.read("the token", body, TokenBody.class);
        String name = asked.name() == null ? "" : asked.name();
        AccessRole role = AccessRole.of(asked.role() == null ? "" : asked.role())
                .orElseThrow(
                        () -> Problem.invalid("the token", "\"role\" is one of viewer, operator, approver, admin"));
        int days = asked.days() == null ? 90 : asked.days();
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9 ._@-]{0,127}")) {
            throw Problem.invalid("the token", "\"name\" says whose it is: letters, digits, space . _ @ -");
        }
        if (days < 1 || days > LONGEST.toDays()) {
            throw Problem.invalid("the token", "\"days\" must lie between 1 and " + LONGEST.toDays());
        }
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        String token = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Instant now = clock.instant();
        Instant end = now.plus(Duration.ofDays(days));
        String id = hash(token).substring(0, 16);
        Transactions.run(database, sql -> {
            sql.updateOne("""
                    INSERT INTO controller.token (id, tenant, name, role, sha256, created_by, created_at, expires_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """, id, tenant, name, role.text(), hash(token), caller.name(), Times.of(now), Times.of(end));
            note(
                    sql,
                    "token-created",
                    caller,
                    caller.name() + " made a token with the role " + role.text() + " for " + name + ".",
                    id,
                    now);
            return true;
        });
        refreshed();
        return new TokenView(id, name, role.text(), caller.name(), now.toString(), end.toString(), token);
    }

    List<TokenView> list() {
        return Transactions.run(
                database,
                sql -> sql.list(
                        """
                        SELECT id, name, role, created_by, created_at, expires_at FROM controller.token
                        WHERE tenant = ? AND revoked_at IS NULL ORDER BY created_at
                        """,
                        row -> new TokenView(
                                row.getString("id"),
                                row.getString("name"),
                                row.getString("role"),
                                row.getString("created_by"),
                                Times.get(row, "created_at").toString(),
                                Times.get(row, "expires_at").toString(),
                                null),
                        tenant));
    }

    void revoke(String id, Caller caller) {
        Transactions.run(database, sql -> {
            Instant now = clock.instant();
            int revoked = sql.update(
                    "UPDATE controller.token SET revoked_at = ? WHERE tenant = ? AND id = ? AND revoked_at IS NULL",
                    Times.of(now),
                    tenant,
                    id);
            if (revoked == 0) {
                throw Problem.missing("token \"" + id + "\"", "GET /api/v1/tokens lists those that hold");
            }
            note(sql, "token-revoked", caller, caller.name() + " revoked token " + id + ".", id, now);
            return true;
        });
        refreshed();
    }

    private void note(Sql sql, String kind, Caller caller, String sentence, String id, Instant now)
            throws SQLException {
        ActBook.append(sql, tenant, new ActBook.Act(kind, caller.name(), sentence, Map.of("token", id)), now);
    }

    private void refreshed() {
        try {
            refresh();
        } catch (SQLException e) {
            throw Transactions.unavailable(e);
        }
    }

    private static String hash(String token) {
        return CanonicalHash.of(token.getBytes(StandardCharsets.UTF_8));
    }
}
