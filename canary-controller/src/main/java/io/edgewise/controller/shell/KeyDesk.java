// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.edgewise.contracts.Signing;
import io.edgewise.contracts.v1.KeySet;
import io.edgewise.contracts.v1.Signed;
import io.edgewise.controller.KeyCabinet;
import io.edgewise.controller.SigningKeys;
import io.edgewise.runtime.access.Caller;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.jdbc.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Replaces the key that orders are signed with, in two steps. A rotation adds a key: devices are told of it by a set
/// that a key signed which they know, and it signs as soon as that set is in Kafka. A retirement takes one away: what
/// it signed and still stands is signed again first, so that a device that comes back finds orders that it can check.
@ApplicationScoped
public class KeyDesk {
    /// Devices refuse larger sets.
    private static final int MOST_KEYS = 8;

    /// What a device's cursor has room for.
    private static final long LAST_VERSION = 1_023;

    private static final int LONGEST_WHY = 2_000;
    private static final Set<String> STANDING = Set.of(Signing.DIRECTIVE, Signing.LEASE);

    private final Database database;
    private final KeyCabinet cabinet;
    private final InstantSource clock;
    private final String tenant;
    private final Signer signer;

    @Inject
    public KeyDesk(Database database, KeyCabinet cabinet, InstantSource clock, ControllerConfig config) {
        this.database = database;
        this.cabinet = cabinet;
        this.clock = clock;
        this.tenant = config.tenant();
        this.signer = new Signer(cabinet);
    }

    /// `key` names a pair that lies in the secrets folder already; without it one is made.
    public record RotateBody(@Nullable String why, @Nullable String key) {}

    /// `state` is `signs`, `counts` (devices believe it, another signs), `announced` (its set is on its way) or
    /// `retired`. `here`: its private half is in the secrets folder of the server that answers.
    public record KeyView(
            String id,
            String publicKey,
            String state,
            long since,
            @Nullable Long retired,
            boolean here) {}

    /// `version` is that of the newest set, `sent` that of the newest in Kafka; 0: there was no rotation yet.
    public record KeysView(long version, long sent, List<KeyView> keys) {}

    public KeysView list() {
        return Transactions.run(database, this::view);
    }

    public KeysView rotate(String body, Caller caller) {
        RotateBody asked = Json.read("the rotation", body, RotateBody.class);
        String why = why("the rotation", asked.why());
        return Transactions.run(database, sql -> {
            List<KeyRows.Row> rows = locked(sql);
            if (rows.isEmpty()) {
                SigningKeys first = cabinet.first();
                rows = List.of(new KeyRows.Row(first.keyId(), first.publicKey().getEncoded(), 0, Optional.empty()));
                KeyRows.insert(sql, tenant, rows.getFirst());
            }
            List<KeyRows.Row> counting =
                    new ArrayList<>(rows.stream().filter(KeyRows.Row::counts).toList());
            if (counting.size() >= MOST_KEYS) {
                throw Problem.conflict(
                        "too many keys count", counting.size() + " do, and devices take no more; retire one first");
            }
            SigningKeys signs = signer.among(counting, KeyRows.sent(sql, tenant))
                    .orElseThrow(() -> Problem.conflict(
                            "no key can sign the set",
                            "none that devices know is in this server's secrets folder; copy it from where it was"
                                    + " made. When it is lost, devices must be set up with a new one"));
            long version = next(sql);
            SigningKeys fresh = asked.key() == null ? make() : given(asked.key(), rows);
            KeyRows.Row added =
                    new KeyRows.Row(fresh.keyId(), fresh.publicKey().getEncoded(), version, Optional.empty());
            counting.add(added);
            KeyRows.insert(sql, tenant, added);
            publish(sql, version, counting, signs);
            act(sql, "key-announced", caller, "announced signing key " + fresh.keyId(), why, fresh.keyId());
            return view(sql);
        });
    }

    /// With `anyway` also one that builds' manifests or reference sets are still signed by: devices refuse
    /// those then.
    public KeysView retire(String id, @Nullable String said, boolean anyway, Caller caller) {
        String why = why("the retirement", said);
        return Transactions.run(database, sql -> {
            List<KeyRows.Row> rows = locked(sql);
            KeyRows.Row leaving = rows.stream()
                    .filter(row -> row.id().equals(id) && row.counts())
                    .findFirst()
                    .orElseThrow(() -> Problem.missing(
                            "signing key \"" + id + "\"",
                            rows.isEmpty()
                                    ? "no other key was announced yet; rotate first"
                                    : "GET /api/v1/keys lists those that count"));
            List<KeyRows.Row> rest = rows.stream()
                    .filter(row -> row.counts() && !row.id().equals(id))
                    .toList();
            SigningKeys signs = signer.among(rest, KeyRows.sent(sql, tenant))
                    .orElseThrow(() -> Problem.conflict(
                            "no other key signs yet",
                            "announce one first (POST /api/v1/keys) and wait a few seconds until GET /api/v1/keys says"
                                    + " that it signs"));
            List<String> unsigned = anyway ? List.of() : stillSignedBy(sql, leaving);
            if (!unsigned.isEmpty()) {
                throw Problem.conflict(
                        "something is still signed by it",
                        "devices will refuse " + String.join(", ", unsigned)
                                + "; publish them again, or say anyway=true");
            }
            long version = next(sql);
            int again = signAgain(sql, id, signs);
            publish(sql, version, rest, signs);
            KeyRows.retire(sql, tenant, id, version);
            act(
                    sql,
                    "key-retired",
                    caller,
                    "retired signing key " + id + " and had " + again + " standing orders signed again",
                    why,
                    id);
            return view(sql);
        });
    }

    private List<KeyRows.Row> locked(Sql sql) throws SQLException {
        Limits.set(sql, 10, 10, 30);
        Signer.holdUp(sql);
        return KeyRows.all(sql, tenant);
    }

    private long next(Sql sql) throws SQLException {
        long version = KeyRows.version(sql, tenant) + 1;
        if (version > LAST_VERSION) {
            throw Problem.conflict("too many sets of keys", "devices can be told of " + LAST_VERSION + " and no more");
        }
        return version;
    }

    private SigningKeys make() {
        try {
            return cabinet.make();
        } catch (IOException e) {
            throw Problem.conflict(
                    "no key can be made",
                    "the secrets folder of this server cannot be written (" + e.getMessage()
                            + "); make it writable, or put a pair signing-ID.key and signing-ID.pub there and name its ID");
        }
    }

    private SigningKeys given(String id, List<KeyRows.Row> rows) {
        if (rows.stream().anyMatch(row -> row.id().equals(id))) {
            throw Problem.conflict(
                    "the key is known already", "a key that was announced or retired is not announced again");
        }
        return cabinet.find(id)
                .orElseThrow(() -> Problem.invalid(
                        "the rotation",
                        "key: signing-" + id + ".key and signing-" + id
                                + ".pub are not in this server's secrets folder"));
    }

    private void publish(Sql sql, long version, List<KeyRows.Row> counting, SigningKeys signs) throws SQLException {
        KeySet.Builder set = KeySet.newBuilder().setTenant(tenant).setVersion(version);
        for (KeyRows.Row row : counting) {
            set.addKeys(KeySet.Key.newBuilder().setId(row.id()).setPublicKey(ByteString.copyFrom(row.publicKey())));
        }
        Signed signed = signs.sign(Signing.KEYS, set.build().toByteArray());
        KeyRows.insertSet(sql, tenant, version, signed, now());
        Outbox.append(sql, KeyRows.topicKey(tenant, version), signed.toByteArray(), now());
    }

    /// The newest order of each rollout, where the key signed it: the same bytes, signed by the other.
    private int signAgain(Sql sql, String id, SigningKeys signs) throws SQLException {
        int again = 0;
        for (Order order : standing(sql)) {
            Signed signed = order.signed();
            if (signed.getKeyId().equals(id) && STANDING.contains(signed.getDomain())) {
                Outbox.append(
                        sql,
                        order.key(),
                        signs.sign(signed.getDomain(), signed.getPayload().toByteArray())
                                .toByteArray(),
                        now());
                again++;
            }
        }
        return again;
    }

    private record Order(String key, Signed signed) {}

    private List<Order> standing(Sql sql) throws SQLException {
        return sql.list(
                "SELECT DISTINCT ON (key) key, value FROM controller.outbox WHERE starts_with(key, ?)"
                        + " ORDER BY key, id DESC",
                row -> new Order(row.getString("key"), signed(row.getBytes("value"))),
                tenant + "/");
    }

    private static Signed signed(byte[] value) {
        try {
            return Signed.parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("an order in controller.outbox cannot be read", e);
        }
    }

    /// Builds and reference sets that were last signed by it. Before the first rotation nobody wrote down the key.
    private List<String> stillSignedBy(Sql sql, KeyRows.Row leaving) throws SQLException {
        return sql.list("""
                SELECT what FROM (
                    SELECT DISTINCT ON (kind, what) kind, what, key FROM (
                        SELECT number, kind, detail::jsonb ->> 'key' AS key,
                               coalesce(detail::jsonb ->> 'build', detail::jsonb ->> 'reference') AS what
                          FROM controller.tenant_act
                         WHERE tenant = ? AND kind IN ('manifest-signed', 'reference-signed')) AS act
                     ORDER BY kind, what, number DESC) AS newest
                 WHERE coalesce(key, ?) = ? ORDER BY what LIMIT 20
                """, row -> row.getString(1), tenant, leaving.since() == 0 ? leaving.id() : "", leaving.id());
    }

    private KeysView view(Sql sql) throws SQLException {
        List<KeyRows.Row> rows = KeyRows.all(sql, tenant);
        if (rows.isEmpty()) {
            SigningKeys first = cabinet.first();
            return new KeysView(
                    0,
                    0,
                    List.of(new KeyView(
                            first.keyId(), PublicPem.of(first.publicKey().getEncoded()), "signs", 0, null, true)));
        }
        long sent = KeyRows.sent(sql, tenant);
        String signs = signer.among(rows, sent).map(SigningKeys::keyId).orElse("");
        return new KeysView(
                KeyRows.version(sql, tenant),
                sent,
                rows.stream().map(row -> view(row, sent, signs)).toList());
    }

    private KeyView view(KeyRows.Row row, long sent, String signs) {
        String state;
        if (!row.counts()) {
            state = "retired";
        } else if (row.id().equals(signs)) {
            state = "signs";
        } else {
            state = row.since() > sent ? "announced" : "counts";
        }
        return new KeyView(
                row.id(),
                PublicPem.of(row.publicKey()),
                state,
                row.since(),
                row.retired().orElse(null),
                cabinet.find(row.id()).isPresent());
    }

    private void act(Sql sql, String kind, Caller caller, String what, String why, String id) throws SQLException {
        ActBook.append(
                sql,
                tenant,
                new ActBook.Act(
                        kind, caller.name(), caller.name() + " " + what + ", because: " + why, Map.of("key", id)),
                now());
    }

    private static String why(String what, @Nullable String why) {
        if (why == null || why.isBlank() || why.length() > LONGEST_WHY) {
            throw Problem.invalid(what, "it needs \"why\": it goes into the log of acts");
        }
        return why;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
