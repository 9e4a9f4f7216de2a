// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.builds;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.edgewise.agent.orders.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;

/// What a device remembers of builds over its lives: for each the artifact that it took, its release, on
/// what it was last seen to answer right, how often it took the process down, and when it was last
/// wanted.
final class BuildState {
    private static final String FILE = "builds.json";

    /// One build. `fingerprint` is empty until its golden cases were right; `wanted` counts up.
    record Entry(String artifact, long release, String fingerprint, int crashes, long wanted) {
        Entry proven(String on) {
            return new Entry(artifact, release, on, 0, wanted);
        }

        Entry crashed() {
            return new Entry(artifact, release, "", crashes + 1, wanted);
        }

        /// Its files are gone; how far its releases had come, and how often it crashed, still counts.
        Entry evicted() {
            return new Entry("", release, "", crashes, wanted);
        }

        Entry wanted(long turn) {
            return new Entry(artifact, release, fingerprint, crashes, turn);
        }
    }

    private final Path file;
    private final Map<String, Entry> entries = new TreeMap<>();

    private BuildState(Path folder) {
        this.file = folder.resolve(FILE);
    }

    /// A file that cannot be read is set aside: the builds are then proven anew.
    static BuildState load(Path folder) throws IOException {
        BuildState state = new BuildState(folder);
        if (Files.exists(state.file)) {
            try {
                state.parse(new ObjectMapper().readTree(Files.readAllBytes(state.file)));
            } catch (JacksonException e) {
                state.entries.clear();
                Files.move(state.file, folder.resolve("damaged-" + FILE), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return state;
    }

    private void parse(JsonNode json) {
        json.properties()
                .forEach(build -> entries.put(
                        build.getKey(),
                        new Entry(
                                build.getValue().path("artifact").asText(),
                                build.getValue().path("release").asLong(),
                                build.getValue().path("fingerprint").asText(),
                                build.getValue().path("crashes").asInt(),
                                build.getValue().path("wanted").asLong())));
    }

    Map<String, Entry> entries() {
        return Map.copyOf(entries);
    }

    Entry of(String build) {
        return entries.getOrDefault(build, new Entry("", 0, "", 0, 0));
    }

    void put(String build, Entry entry) throws IOException {
        entries.put(build, entry);
        save();
    }

    private void save() throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode json = mapper.createObjectNode();
        entries.forEach((build, entry) -> json.putObject(build)
                .put("artifact", entry.artifact())
                .put("release", entry.release())
                .put("fingerprint", entry.fingerprint())
                .put("crashes", entry.crashes())
                .put("wanted", entry.wanted()));
        DurableFile.write(file, mapper.writeValueAsBytes(json));
    }
}
