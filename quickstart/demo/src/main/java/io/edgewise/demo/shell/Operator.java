// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo.shell;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.edgewise.agent.EdgeModel;
import io.edgewise.contracts.Workload;
import io.edgewise.demo.CountedObservations;
import io.edgewise.demo.Decision;
import io.edgewise.demo.DemoPlan;
import io.edgewise.demo.RolloutState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// What the demo's ML-ops engineer does, through the same REST API as any other.
final class Operator {
    private static final String ROLLOUTS = "/api/v1/rollouts";
    private static final String NAME = "demo";

    /// Of every challenger of the demo.
    private static final String QUANTIZATION = "int4-block32";

    private final OperatorApi api;
    private final ObjectMapper json = new ObjectMapper();

    Operator(OperatorApi api) {
        this.api = api;
    }

    /// Defines the workload and returns the version under which the server knows it.
    int define(Workload workload) throws IOException {
        ObjectNode body = json.createObjectNode();
        body.put("kind", workload.kind().name());
        workload.labels().forEach(body.putArray("labels")::add);
        workload.refusalLabels().forEach(body.putArray("refusalLabels")::add);
        body.put("agreement", workload.agreement());
        body.put("currency", workload.currency());
        body.put("priceCard", workload.priceCard());
        workload.prices().forEach(body.putObject("prices")::put);
        return api.put("/api/v1/workloads/" + workload.name(), body)
                .path("version")
                .asInt(1);
    }

    void register(String workload, EdgeModel build) throws IOException {
        ObjectNode body = json.createObjectNode().put("workload", workload);
        body.putObject("artifacts").put("any", build.artifactSha256());
        body.putObject("quantization")
                .put("scheme", QUANTIZATION)
                .put("bits", 4)
                .put("blockSize", 32);
        api.put("/api/v1/builds/" + build.build(), body);
    }

    /// Ends what an earlier demo left running; returns how many there were.
    int endOld(String workload) throws IOException {
        int ended = 0;
        for (JsonNode rollout : api.get(ROLLOUTS)) {
            if (isRunningOf(rollout, workload)
                    && !rollout.path("phase").asText().equals("rolling_back")) {
                api.post(
                        ROLLOUTS + '/' + RolloutReader.id(rollout) + "/acts",
                        json.createObjectNode()
                                .put("act", "abort")
                                .put("who", NAME)
                                .put("why", "a new demo begins"));
                ended++;
            }
        }
        return ended;
    }

    boolean isRunning(String workload) throws IOException {
        for (JsonNode rollout : api.get(ROLLOUTS)) {
            if (isRunningOf(rollout, workload)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isRunningOf(JsonNode rollout, String workload) {
        return rollout.path("workload").asText().equals(workload) && RolloutReader.isRunning(rollout);
    }

    RolloutState begin(String workload, String frontier, String challenger, DemoPlan plan) throws IOException {
        ObjectNode body = json.createObjectNode()
                .put("workload", workload)
                .put("challenger", challenger)
                .put("who", NAME);
        body.putObject("champion").put("frontier", frontier);
        body.set("plan", PlanJson.of(plan, NAME));
        return RolloutReader.state(api.post(ROLLOUTS, body));
    }

    RolloutState rollout(String id) throws IOException {
        return RolloutReader.state(api.get(ROLLOUTS + '/' + id));
    }

    List<Decision> decisions(String id) throws IOException {
        List<Decision> decisions = new ArrayList<>();
        for (JsonNode line : api.get(ROLLOUTS + '/' + id + "/decisions")) {
            decisions.add(RolloutReader.decision(line));
        }
        return List.copyOf(decisions);
    }

    /// Over all spools of the tenant: a spool serves every workload of its device.
    CountedObservations counted() throws IOException {
        JsonNode sums = api.get("/api/v1/accounts");
        return new CountedObservations(
                sums.path("counted").asLong(),
                sums.path("late").asLong(),
                sums.path("rejected").asLong(),
                sums.path("dropped").asLong(),
                sums.path("lost").asLong(),
                sums.path("duplicates").asLong(),
                sums.path("openGaps").asLong(),
                sums.path("imbalance").asLong(),
                sums.path("feedbackCounted").asLong());
    }
}
