// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.onnx;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.edgewise.agent.features.FeatureSpec;
import io.edgewise.contracts.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/// A build's entry in `models.json`, checked against the file beside it. `names` are its labels where the
/// entry lists them, in the order of its outputs; else whoever loads it knows them, and the entry says
/// how many they are. The version is empty where it says none. Of entries of one name the first that fits
/// the runtime that is here now is taken: one with an `sdk_version` fits that version alone.
public record ModelManifest(
        String build,
        String version,
        Path file,
        String sha256,
        long bytes,
        FeatureSpec features,
        int labels,
        List<String> names) {
    private static final String LIST = "models.json";

    /// All entries of a build are made for other versions of the runtime.
    public static final class Unfit extends IOException {
        private static final long serialVersionUID = 1;

        Unfit(String message) {
            super(message);
        }
    }

    /// Reads the entry of a build and checks that its file is the one that the entry describes.
    public static ModelManifest load(Path folder, String build) throws IOException {
        return load(folder, build, why -> {});
    }

    /// The same; `passedOver` hears of entries that do not fit.
    public static ModelManifest load(Path folder, String build, Consumer<String> passedOver) throws IOException {
        ModelManifest manifest = parse(folder, build, passedOver);
        manifest.verified();
        return manifest;
    }

    /// The file's bytes, only if they have the manifest's SHA-256.
    byte[] verified() throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("build " + build + ": its file " + file + " is missing; fetch the model again");
        }
        byte[] content = Files.readAllBytes(file);
        String actual = HexFormat.of().formatHex(Digests.sha256(content));
        if (!actual.equals(sha256)) {
            throw new IOException("build " + build + ": " + file + " has SHA-256 " + actual + ", but " + LIST
                    + " promises " + sha256 + "; the file is damaged or not the one that was released: fetch it again");
        }
        return content;
    }

    private static ModelManifest parse(Path folder, String build, Consumer<String> passedOver) throws IOException {
        Path list = folder.resolve(LIST);
        JsonNode entries;
        try {
            entries = new ObjectMapper().readTree(Files.readAllBytes(list));
        } catch (JacksonException e) {
            throw new IOException(list + " is not JSON: " + e.getOriginalMessage(), e);
        }
        List<String> known = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (JsonNode entry : entries) {
            String name = text(list, entry, "name");
            known.add(name);
            if (!name.equals(build)) {
                continue;
            }
            String madeFor = entry.path("sdk_version").asText("");
            if (madeFor.isEmpty() || madeFor.equals(OnnxLoader.version())) {
                return of(folder, list, entry);
            }
            others.add(madeFor);
            passedOver.accept(build + " " + text(list, entry, "file") + ": made for version " + madeFor + " of "
                    + OnnxLoader.RUNTIME + ", but " + OnnxLoader.version() + " is here");
        }
        if (!others.isEmpty()) {
            throw new Unfit("build " + build + " in " + list + " is made for version " + String.join(", ", others)
                    + " of " + OnnxLoader.RUNTIME + ", and " + OnnxLoader.version()
                    + " is here; install one that is made for it, or for any");
        }
        throw new IOException(list + " has no build \"" + build + "\"; it has " + known);
    }

    private static ModelManifest of(Path folder, Path list, JsonNode entry) throws IOException {
        List<String> names = new ArrayList<>();
        if (entry.path("labels").isArray()) {
            entry.path("labels").forEach(name -> names.add(name.asText()));
        }
        try {
            return new ModelManifest(
                    Names.require("build", text(list, entry, "name")),
                    entry.path("version").asText(""),
                    folder.resolve(Names.require("model file", text(list, entry, "file"))),
                    text(list, entry, "sha256"),
                    number(list, entry, "bytes"),
                    features(list, member(list, entry, "features")),
                    names.isEmpty() ? (int) number(list, entry, "labels") : names.size(),
                    names);
        } catch (IllegalArgumentException e) {
            throw new IOException(list + ": " + e.getMessage(), e);
        }
    }

    private static FeatureSpec features(Path list, JsonNode spec) throws IOException {
        String name = text(list, spec, "spec");
        String hash = text(list, spec, "hash");
        if (!name.equals(FeatureSpec.NAME) || !hash.equals("MurmurHash3_x86_32")) {
            throw new IOException(list + ": features \"" + name + "\" with hash \"" + hash
                    + "\" are unknown; this agent" + " computes " + FeatureSpec.NAME + " with MurmurHash3_x86_32");
        }
        return new FeatureSpec(
                (int) number(list, spec, "dim"),
                numbers(list, spec, "word_ngrams"),
                numbers(list, spec, "char_ngrams"),
                (int) number(list, spec, "seed"),
                new FeatureSpec.Weights(
                        (int) number(list, spec, "word_weight"), (int) number(list, spec, "bigram_weight"), (int)
                                number(list, spec, "char_weight")));
    }

    private static JsonNode member(Path list, JsonNode node, String field) throws IOException {
        JsonNode member = node.get(field);
        if (member == null) {
            throw new IOException(list + ": an entry has no \"" + field + "\"");
        }
        return member;
    }

    private static String text(Path list, JsonNode node, String field) throws IOException {
        JsonNode member = member(list, node, field);
        if (!member.isTextual()) {
            throw new IOException(list + ": \"" + field + "\" must be a text, not " + member);
        }
        return member.textValue();
    }

    private static long number(Path list, JsonNode node, String field) throws IOException {
        JsonNode member = member(list, node, field);
        if (!member.isIntegralNumber()) {
            throw new IOException(list + ": \"" + field + "\" must be a whole number, not " + member);
        }
        return member.longValue();
    }

    private static List<Integer> numbers(Path list, JsonNode node, String field) throws IOException {
        List<Integer> numbers = new ArrayList<>();
        for (JsonNode element : member(list, node, field)) {
            if (!element.isInt()) {
                throw new IOException(list + ": \"" + field + "\" must hold whole numbers, not " + element);
            }
            numbers.add(element.intValue());
        }
        return numbers;
    }
}
