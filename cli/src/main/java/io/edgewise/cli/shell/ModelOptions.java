// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import io.edgewise.cli.table.BadInput;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Which models `validate --set` runs: files, or servers that speak the OpenAI API.
final class ModelOptions {
    private static final int MOST_AT_ONCE = 64;

    @Option(
            names = "--edge",
            paramLabel = "MODEL",
            description = "The edge model: its ONNX file, models.json beside it; or http://HOST:PORT of a local server "
                    + "that speaks the OpenAI API.")
    private Optional<String> edge = Optional.empty();

    @Option(names = "--edge-model", paramLabel = "NAME", description = "How the edge model's server calls it.")
    private Optional<String> edgeModel = Optional.empty();

    @Option(
            names = "--frontier",
            paramLabel = "MODEL",
            description = "The frontier: an ONNX file, or https://HOST of a server that speaks the OpenAI API; unless "
                    + "--map frontier=COLUMN. Its key is read from EDGEWISE_FRONTIER_KEY.")
    private Optional<String> frontier = Optional.empty();

    @Option(names = "--frontier-model", paramLabel = "NAME", description = "How the frontier's server calls the model.")
    private Optional<String> frontierModel = Optional.empty();

    @Option(
            names = "--reference-build",
            paramLabel = "MODEL",
            description = "The edge model in full precision: what quantization alone has cost.")
    private Optional<String> reference = Optional.empty();

    @Option(
            names = "--labels",
            paramLabel = "FILE",
            description = "The labels in the order of the models' outputs; labels.json beside the edge model, or in "
                    + "../data/WORKLOAD, otherwise.")
    private Optional<Path> labels = Optional.empty();

    @Option(
            names = "--prompt",
            paramLabel = "FILE",
            description = "The system prompt for servers; otherwise they are told to answer with one of the labels.")
    private Optional<Path> prompt = Optional.empty();

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "For one answer of a server (default ${DEFAULT-VALUE}).")
    private int timeout;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "4",
            description = "Requests that a server has at once (default ${DEFAULT-VALUE}).")
    private int parallel;

    /// A file, or a server and its name of the model.
    sealed interface Choice {
        record File(Path path) implements Choice {}

        record Server(URI base, String model) implements Choice {}
    }

    boolean hasFrontier() {
        return frontier.isPresent();
    }

    int parallel() {
        if (parallel < 1 || parallel > MOST_AT_ONCE) {
            throw new BadInput("--parallel " + parallel + " must lie in 1 to " + MOST_AT_ONCE + ".");
        }
        return parallel;
    }

    Duration timeout() {
        if (timeout < 1) {
            throw new BadInput("--timeout " + timeout + " must be at least a second.");
        }
        return Duration.ofSeconds(timeout);
    }

    Choice edge() {
        return choice(
                edge.orElseThrow(() -> new BadInput(
                        "--set needs --edge MODEL, the ONNX file of the edge model or the address of its server.")),
                edgeModel,
                "--edge-model");
    }

    Optional<Choice> frontier() {
        return frontier.map(given -> choice(given, frontierModel, "--frontier-model"));
    }

    Optional<Choice> reference() {
        return reference.map(given -> choice(given, edgeModel, "--edge-model"));
    }

    Optional<Path> labels() {
        return labels;
    }

    Optional<String> prompt() {
        return prompt.map(file -> {
            try {
                return Files.readString(file);
            } catch (IOException e) {
                throw new BadInput("--prompt " + file + " cannot be read as UTF-8 text: " + e.getMessage(), e);
            }
        });
    }

    private static Choice choice(String given, Optional<String> model, String option) {
        if (!given.startsWith("http://") && !given.startsWith("https://")) {
            return new Choice.File(Path.of(given));
        }
        try {
            URI base = URI.create(given.replaceAll("/(v1/?)?$", ""));
            if (base.getHost() != null) {
                return new Choice.Server(
                        base,
                        model.orElseThrow(() -> new BadInput(
                                given + " is a server: say with " + option + " NAME which of its models.")));
            }
        } catch (IllegalArgumentException e) {
            throw new BadInput(given + " is no address; write https://host or http://host:port.", e);
        }
        throw new BadInput(given + " names no host; write https://host or http://host:port.");
    }
}
