// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.contracts.audit.AuditReport;
import io.edgewise.contracts.audit.ChainLink;
import io.edgewise.contracts.audit.Checkpoint;
import io.edgewise.controller.KeyCabinet;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.jdbc.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.PublicKey;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Checks and exports the logs of a tenant.
@ApplicationScoped
public class AuditDesk {
    private static final int MOST_EVENTS = 500;

    private final Database database;
    private final KeyCabinet keys;
    private final InstantSource clock;
    private final String tenant;
    private final DecisionRows decisions = new DecisionRows();

    @Inject
    public AuditDesk(Database database, KeyCabinet keys, InstantSource clock, ControllerConfig config) {
        this.database = database;
        this.keys = keys;
        this.clock = clock;
        this.tenant = config.tenant();
    }

    /// All chains and checkpoints, recomputed. Heads that rollouts keep are compared too.
    public AuditReport verify() {
        return Transactions.snapshot(database, sql -> {
            SortedMap<String, List<ChainLink.Stored>> chains = chains(sql);
            AuditReport report = AuditReport.of(chains, Checkpoints.all(sql, tenant), everSigned(sql));
            List<AuditReport.Fault> faults = new ArrayList<>(report.faults());
            faults.addAll(heads(sql, chains));
            return new AuditReport(
                    report.chains(), report.entries(), report.checkpoints(), report.signaturesChecked(), faults);
        });
    }

    /// Retired keys too: what they signed stays.
    private List<PublicKey> everSigned(Sql sql) throws SQLException {
        List<PublicKey> signed = new ArrayList<>(List.of(keys.first().publicKey()));
        for (KeyRows.Row row : KeyRows.all(sql, tenant)) {
            signed.add(row.key());
        }
        return signed;
    }

    private List<AuditReport.Fault> heads(Sql sql, SortedMap<String, List<ChainLink.Stored>> chains)
            throws SQLException {
        record Head(String rollout, long decisions, String hash) {}
        List<AuditReport.Fault> faults = new ArrayList<>();
        for (Head head : sql.list(
                "SELECT rollout, decisions, last_hash FROM controller.rollout WHERE tenant = ?",
                row -> new Head(row.getString(1), row.getLong(2), row.getString(3)),
                tenant)) {
            List<ChainLink.Stored> log = chains.getOrDefault(head.rollout(), List.of());
            String last = log.isEmpty() ? ChainLink.ROOT : log.getLast().hash();
            if (log.size() != head.decisions() || !last.equals(head.hash())) {
                faults.add(new AuditReport.Fault(
                        head.rollout(),
                        Math.min(log.size(), head.decisions()) + 1,
                        "the rollout's row knows another last decision"));
            }
        }
        return faults;
    }

    private SortedMap<String, List<ChainLink.Stored>> chains(Sql sql) throws SQLException {
        SortedMap<String, List<ChainLink.Stored>> chains = new TreeMap<>();
        for (ChainLink.Stored stored : decisions.ofTenant(sql, tenant)) {
            chains.computeIfAbsent(stored.link().rollout(), chain -> new ArrayList<>())
                    .add(stored);
        }
        List<ChainLink.Stored> acts = ActBook.all(sql, tenant);
        if (!acts.isEmpty()) {
            chains.put(ActBook.chain(tenant), acts);
        }
        return chains;
    }

    /// Everything as lines of JSON; `edgewise audit verify --file` checks it anywhere.
    public String export() {
        return Transactions.snapshot(database, sql -> lines(chains(sql), Checkpoints.all(sql, tenant)));
    }

    static String lines(
            SortedMap<String, List<ChainLink.Stored>> chains, List<AuditReport.SignedCheckpoint> checkpoints) {
        StringBuilder lines = new StringBuilder();
        chains.values().forEach(chain -> chain.forEach(stored -> line(lines, entry(stored))));
        checkpoints.forEach(checkpoint -> line(lines, checkpoint(checkpoint)));
        return lines.toString();
    }

    private static void line(StringBuilder lines, Map<String, Object> value) {
        lines.append(Json.write(value)).append('\n');
    }

    private static Map<String, Object> entry(ChainLink.Stored stored) {
        ChainLink link = stored.link();
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("type", "entry");
        entry.put("chain", link.rollout());
        entry.put("number", link.number());
        entry.put("atMs", link.atMs());
        entry.put("kind", link.kind());
        entry.put("actor", link.actor());
        entry.put("stage", link.stage());
        entry.put("shareBp", link.shareBp());
        entry.put("revision", link.revision());
        entry.put("sentence", link.sentence());
        entry.put("detail", link.detail());
        entry.put("previousHash", link.previousHash());
        entry.put("hash", stored.hash());
        return entry;
    }

    private static Map<String, Object> checkpoint(AuditReport.SignedCheckpoint signed) {
        Checkpoint checkpoint = signed.checkpoint();
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("type", "checkpoint");
        line.put("tenant", checkpoint.tenant());
        line.put("number", checkpoint.number());
        line.put("atMs", checkpoint.atMs());
        line.put("heads", checkpoint.heads());
        line.put("previousHash", checkpoint.previousHash());
        line.put("keyId", signed.keyId());
        line.put("signature", Base64.getEncoder().encodeToString(signed.signature()));
        return line;
    }

    /// Signs the heads now; says how many chains had grown.
    public Map<String, Object> checkpoint() {
        return Transactions.run(database, sql -> {
            Optional<Checkpoint> written = new Checkpoints(keys).write(sql, tenant, clock.instant());
            Map<String, Object> answer = new TreeMap<>();
            answer.put("written", written.isPresent());
            written.ifPresent(checkpoint -> {
                answer.put("number", checkpoint.number());
                answer.put("hash", checkpoint.hash());
                answer.put("chains", checkpoint.heads().size());
            });
            return answer;
        });
    }

    List<Events.Event> events(String after) {
        return Transactions.run(database, sql -> Events.after(sql, tenant, after, MOST_EVENTS));
    }

    String newestEvent() {
        return Transactions.run(database, sql -> Events.newest(sql, tenant));
    }
}
