// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/// Rollouts, decisions and findings as lines of text.
public final class Told {
    private Told() {}

    public static String list(JsonNode rollouts) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT, "%-26s  %-20s  %-20s  %-12s  %7s%n", "ROLLOUT", "WORKLOAD", "BUILD", "STATE", "SHARE"));
        for (JsonNode rollout : rollouts) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-26s  %-20s  %-20s  %-12s  %6s%%%n",
                    rollout.path("rollout").asText(),
                    rollout.path("workload").asText(),
                    rollout.path("challenger").asText(),
                    rollout.path("phase").asText(),
                    share(rollout)));
        }
        return text.toString();
    }

    public static String rollout(JsonNode rollout) {
        StringBuilder text = new StringBuilder();
        text.append(rollout.path("rollout").asText())
                .append("  ")
                .append(rollout.path("workload").asText());
        text.append(": ")
                .append(rollout.path("challenger").asText())
                .append(" is ")
                .append(rollout.path("phase").asText());
        text.append(" in \"")
                .append(rollout.path("stageName").asText())
                .append("\" at ")
                .append(share(rollout));
        text.append(" %, revision ").append(rollout.path("revision").asLong()).append('\n');
        text.append("  ").append(rollout.path("outlook").asText()).append('\n');
        if (rollout.path("devices").has("known")) {
            text.append("  devices seen: ")
                    .append(rollout.path("devices").path("known").asLong());
            text.append(", not confirmed: ")
                    .append(rollout.path("devices").path("unconfirmed").asLong())
                    .append('\n');
        }
        for (JsonNode verdict : rollout.path("verdicts")) {
            text.append(String.format(
                    Locale.ROOT, "  %-12s ", verdict.path("verdict").asText()));
            text.append(verdict.path("sentence").asText()).append('\n');
        }
        for (JsonNode decision : rollout.path("decisions")) {
            text.append(decision(decision)).append('\n');
        }
        return text.toString();
    }

    public static String decision(JsonNode decision) {
        return decision.path("at").asText() + "  "
                + String.format(Locale.ROOT, "%-11s", decision.path("kind").asText()) + " "
                + decision.path("sentence").asText();
    }

    public static String replay(JsonNode replay) {
        long looked = replay.path("decisions").asLong()
                - replay.path("withoutEvidence").asLong();
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%,d decisions on %,d evidence blocks: %s%n",
                looked,
                replay.path("blocks").asLong(),
                replay.path("same").asBoolean() ? "the same to the byte" : "not what was written"));
        for (JsonNode difference : replay.path("differences")) {
            text.append(String.format(
                    Locale.ROOT,
                    "  decision %d, %s: written %s, computed %s%n",
                    difference.path("decision").asLong(),
                    difference.path("path").asText(),
                    difference.path("was").asText("nothing"),
                    difference.path("is").asText("nothing")));
        }
        return text.toString();
    }

    public static String changes(JsonNode replay) {
        StringBuilder text = new StringBuilder();
        for (JsonNode change : replay.path("changes")) {
            text.append(String.format(
                    Locale.ROOT,
                    "%s  block %,d  %s: %s -> %s  %s%n",
                    change.path("at").asText(),
                    change.path("block").asLong(),
                    change.path("guardrail").asText(),
                    change.path("was").asText(),
                    change.path("is").asText(),
                    change.path("sentence").asText()));
        }
        return text.append(String.format(
                        Locale.ROOT,
                        "%,d evidence blocks%n",
                        replay.path("blocks").asLong()))
                .toString();
    }

    public static String check(JsonNode check) {
        StringBuilder text = new StringBuilder(check.path("verdict").asText()).append('\n');
        for (JsonNode refused : check.path("refused")) {
            text.append("  REFUSE  ").append(refused.asText()).append('\n');
        }
        for (JsonNode finding : check.path("findings")) {
            text.append(String.format(
                    Locale.ROOT,
                    "  %-7s %s: ",
                    finding.path("level").asText(),
                    finding.path("path").asText()));
            text.append(finding.path("sentence").asText()).append('\n');
        }
        return text.toString();
    }

    public static String keys(JsonNode answer) {
        StringBuilder text = new StringBuilder(
                String.format(Locale.ROOT, "%-16s  %-9s  %5s  %s%n", "KEY", "STATE", "SINCE", "HERE"));
        for (JsonNode key : answer.path("keys")) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-16s  %-9s  %5d  %s%n",
                    key.path("id").asText(),
                    key.path("state").asText(),
                    key.path("since").asLong(),
                    key.path("here").asBoolean() ? "yes" : "no"));
        }
        return text.append(String.format(
                        Locale.ROOT,
                        "key set %d, in Kafka: %d%n",
                        answer.path("version").asLong(),
                        answer.path("sent").asLong()))
                .toString();
    }

    private static String share(JsonNode rollout) {
        return String.format(Locale.ROOT, "%.2f", rollout.path("shareBp").asInt() / 100.0);
    }
}
