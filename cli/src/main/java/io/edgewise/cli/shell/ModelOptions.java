// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import io.edgewise.cli.table.BadInput;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Which models `validate --set` runs: files, or servers that speak the OpenAI API.
final class ModelOptions {
    private static final int MOST_AT_ONCE = 64;
    private static final int MOST_RETRIES = 10;
    private static final int HIGHEST_PORT = 65_535;

    @Option(
            names = "--edge",
            paramLabel = "MODEL",
            description = "The edge model: its ONNX file, models.json beside it; or http://HOST:PORT of a local server "
                    + "that speaks the OpenAI API. Its key is read from EDGEWISE_EDGE_KEY.")
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
            names = "--reference-model",
            paramLabel = "NAME",
            description = "How the reference build's server calls it.")
    private Optional<String> referenceModel = Optional.empty();

    @Option(
            names = "--labels",
            paramLabel = "FILE",
            description =
                    "The labels in the order of the models' outputs, a JSON array of texts; labels.json beside the "
                            + "edge model, or in ../data/WORKLOAD, otherwise.")
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
            description = "Requests that the frontier's server has at once (default ${DEFAULT-VALUE}).")
    private int parallel;

    @Option(
            names = "--retries",
            paramLabel = "N",
            defaultValue = "4",
            description = "Of a request where a server was busy: after half a second, then twice as long each time "
                    + "(default ${DEFAULT-VALUE}).")
    private int retries;

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

    int retries() {
        if (retries < 0 || retries > MOST_RETRIES) {
            throw new BadInput("--retries " + retries + " must lie in 0 to " + MOST_RETRIES + ".");
        }
        return retries;
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
        Optional<Choice> chosen = reference.map(given -> choice(given, referenceModel, "--reference-model"));
        if (chosen.isPresent()
                && chosen.get() instanceof Choice.Server
                && chosen.get().equals(edge())) {
            throw new BadInput("--reference-build is the edge model itself; name the one in full precision.");
        }
        return chosen;
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
        if (!given.toLowerCase(Locale.ROOT).matches("https?://.*")) {
            return new Choice.File(Path.of(given));
        }
        URI base = base(given);
        return new Choice.Server(
                base,
                model.map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .orElseThrow(() -> new BadInput(
                                base + " is a server: say with " + option + " NAME which of its models.")));
    }

    /// What stands before "/v1/chat/completions".
    private static URI base(String given) {
        String advice = "; write https://host or http://host:port.";
        URI base;
        try {
            base = URI.create(given.strip().replaceAll("(?i)(/v1)?(/chat/completions)?/*$", ""));
        } catch (IllegalArgumentException e) {
            throw new BadInput("an address of a model cannot be read" + advice, e);
        }
        if (base.getUserInfo() != null) {
            throw new BadInput("an address of a model holds a name or password" + advice
                    + " Keys are read from EDGEWISE_EDGE_KEY and EDGEWISE_FRONTIER_KEY.");
        }
        if (base.getHost() == null) {
            throw new BadInput(given + " names no host" + advice);
        }
        if (base.getQuery() != null || base.getFragment() != null || base.getPort() > HIGHEST_PORT) {
            throw new BadInput(given + " has a query, a fragment or a port that there is not" + advice);
        }
        return base;
    }
}
