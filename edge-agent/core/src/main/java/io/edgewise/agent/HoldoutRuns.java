// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.edgewise.agent.orders.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where the runs of a reference set stand, on disk: which build answers which set, how many runs were
/// begun, which example is next, how many answers were right, and when the present run began (wall
/// clock).
record HoldoutRuns(String build, String sha256, long run, int next, int correct, long sinceMs) {
    private static final String FILE = "holdout.json";
    static final HoldoutRuns NONE = new HoldoutRuns("", "", 0, 0, 0, 0);

    /// What cannot be read is forgotten: a run more harms nobody.
    static HoldoutRuns load(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return NONE;
        }
        try {
            JsonNode json = new ObjectMapper().readTree(Files.readAllBytes(file));
            return new HoldoutRuns(
                    json.path("build").asText(),
                    json.path("sha256").asText(),
                    json.path("run").asLong(),
                    json.path("next").asInt(),
                    json.path("correct").asInt(),
                    json.path("since_ms").asLong());
        } catch (JacksonException e) {
            return NONE;
        }
    }

    void save(Path folder) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        DurableFile.write(
                folder.resolve(FILE),
                mapper.writeValueAsBytes(mapper.createObjectNode()
                        .put("build", build)
                        .put("sha256", sha256)
                        .put("run", run)
                        .put("next", next)
                        .put("correct", correct)
                        .put("since_ms", sinceMs)));
    }

    boolean isOf(String otherBuild, String otherSha256) {
        return build.equals(otherBuild) && sha256.equals(otherSha256);
    }

    HoldoutRuns answered(boolean isCorrect) {
        return new HoldoutRuns(build, sha256, run, next + 1, correct + (isCorrect ? 1 : 0), sinceMs);
    }
}
