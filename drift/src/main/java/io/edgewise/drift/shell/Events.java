// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.edgewise.contracts.Ulid;
import io.edgewise.drift.DriftJudge.Step;
import io.edgewise.drift.Finding;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.random.RandomGenerator;

/// Writes events, and for each endpoint that one is to be delivered, in the transaction of what they tell.
final class Events {
    static final String OPENED = "drift.finding.opened";
    static final String WORSENED = "drift.finding.worsened";
    static final String CLOSED = "drift.finding.closed";
    static final String RETRAINING = "retraining.due";

    private final Sql sql;
    private final Instant now;
    private final RandomGenerator random;
    private final List<String> endpoints;

    Events(Sql sql, Instant now, RandomGenerator random, List<String> endpoints) {
        this.sql = sql;
        this.now = now;
        this.random = random;
        this.endpoints = endpoints;
    }

    void append(String kind, Watched of, ObjectNode data) throws SQLException {
        String event = Ulid.of(now, random);
        ObjectNode body = Json.object()
                .put("event", event)
                .put("kind", kind)
                .put("at", now.toString())
                .put("tenant", of.tenant())
                .put("workload", of.workload())
                .put("rollout", of.rollout());
        body.set("data", data);
        long number = sql.first(
                        """
                        INSERT INTO drift.event (event, tenant, kind, body, at) VALUES (?, ?, ?, ?, ?)
                        RETURNING number""",
                        row -> row.getLong(1),
                        event,
                        of.tenant(),
                        kind,
                        Json.write(body),
                        now.atOffset(ZoneOffset.UTC))
                .orElseThrow();
        for (String endpoint : endpoints) {
            sql.updateOne(
                    "INSERT INTO drift.delivery (endpoint, number, next_at) VALUES (?, ?, ?)",
                    endpoint,
                    number,
                    now.atOffset(ZoneOffset.UTC));
        }
    }

    void finding(Watched rollout, Step step, String baseline) throws SQLException {
        switch (step) {
            case Step.Nothing nothing -> {
                return;
            }
            case Step.Open open -> append(OPENED, rollout, finding(open.finding(), baseline));
            case Step.Update update -> {
                if (update.worse()) {
                    append(WORSENED, rollout, finding(update.finding(), baseline));
                }
            }
            case Step.Close close ->
                append(
                        CLOSED,
                        rollout,
                        finding(close.finding(), baseline)
                                .put("closed", minute(close.closedMinute()))
                                .put("ending", close.ending().text()));
        }
    }

    static ObjectNode finding(Finding finding, String baseline) {
        ObjectNode node = Json.object()
                .put("finding", finding.id())
                .put("feature", finding.feature())
                .put("slice", finding.slice())
                .put("severity", finding.severity().text())
                .put("opened", minute(finding.openedMinute()))
                .put("last", minute(finding.lastMinute()))
                .put("sentence", finding.sentence())
                .put("baseline", baseline);
        node.set("moved", Json.moved(finding.moved()));
        return node;
    }

    static String minute(long minute) {
        return Instant.ofEpochSecond(minute * 60).toString();
    }
}
