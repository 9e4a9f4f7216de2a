// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.edgewise.cli.table.BadInput;
import io.edgewise.contracts.audit.AuditReport;
import io.edgewise.contracts.audit.AuditReport.SignedCheckpoint;
import io.edgewise.contracts.audit.ChainLink;
import io.edgewise.contracts.audit.Checkpoint;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// An exported log, checked far away from the server that wrote it.
public final class AuditFile {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private AuditFile() {}

    public static AuditReport check(List<String> lines, List<PublicKey> keys) {
        SortedMap<String, List<ChainLink.Stored>> chains = new TreeMap<>();
        List<SignedCheckpoint> checkpoints = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            JsonNode line = read(lines.get(i), i + 1);
            switch (line.path("type").asText()) {
                case "entry" -> {
                    ChainLink.Stored entry = entry(line);
                    chains.computeIfAbsent(line.path("chain").asText(), chain -> new ArrayList<>())
                            .add(entry);
                }
                case "checkpoint" -> checkpoints.add(checkpoint(line, i + 1));
                default ->
                    throw new BadInput("line " + (i + 1) + " is neither an entry nor a checkpoint: is this an export of"
                            + " edgewise audit export?");
            }
        }
        return AuditReport.of(chains, checkpoints, keys);
    }

    public static String text(AuditReport report) {
        StringBuilder text = new StringBuilder(report.isIntact() ? "intact: " : "NOT intact: ");
        text.append(report.entries())
                .append(" entries in ")
                .append(report.chains())
                .append(" chains, ");
        text.append(report.checkpoints()).append(" checkpoints");
        text.append(report.signaturesChecked() ? ", signatures checked\n" : ", signatures not checked (give --key)\n");
        report.faults()
                .forEach(fault -> text.append("  ")
                        .append(fault.chain())
                        .append(" entry ")
                        .append(fault.number())
                        .append(": ")
                        .append(fault.what())
                        .append('\n'));
        return text.toString();
    }

    private static JsonNode read(String line, int number) {
        try {
            return MAPPER.readTree(line);
        } catch (JsonProcessingException e) {
            throw new BadInput("line " + number + " is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static ChainLink.Stored entry(JsonNode line) {
        return new ChainLink.Stored(
                new ChainLink(
                        line.path("chain").asText(),
                        line.path("number").asLong(),
                        line.path("atMs").asLong(),
                        line.path("kind").asText(),
                        line.path("actor").asText(),
                        line.path("stage").asInt(),
                        line.path("shareBp").asInt(),
                        line.path("revision").asLong(),
                        line.path("sentence").asText(),
                        line.path("detail").asText(),
                        line.path("previousHash").asText()),
                line.path("hash").asText());
    }

    private static SignedCheckpoint checkpoint(JsonNode line, int number) {
        SortedMap<String, Checkpoint.Head> heads = new TreeMap<>();
        line.path("heads")
                .properties()
                .forEach(head -> heads.put(
                        head.getKey(),
                        new Checkpoint.Head(
                                head.getValue().path("number").asLong(),
                                head.getValue().path("hash").asText())));
        try {
            return new SignedCheckpoint(
                    new Checkpoint(
                            line.path("tenant").asText(),
                            line.path("number").asLong(),
                            line.path("atMs").asLong(),
                            heads,
                            line.path("previousHash").asText()),
                    line.path("keyId").asText(),
                    Base64.getDecoder().decode(line.path("signature").asText()));
        } catch (IllegalArgumentException e) {
            throw new BadInput("line " + number + ": the signature is not Base64", e);
        }
    }
}
