// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.config;

import static io.edgewise.agent.app.config.Key.optional;
import static io.edgewise.agent.app.config.Key.required;
import static io.edgewise.agent.app.config.Key.with;

import io.edgewise.agent.app.config.Key.Kind;
import java.util.List;

/// All settings there are. docs/agent.md holds the same table; a test compares them.
final class Keys {
    static final List<Key> ALL = List.of(
            required("device", Kind.TEXT, "this device's name: pseudonymous, at most 128 of `a-z 0-9 . _ -`"),
            with("tenant", Kind.TEXT, "default", "whose device it is"),
            with("folder", Kind.TEXT, "edgewise-agent-data", "the agent's own folder: spool, orders, feedback key"),
            with(
                    "consent",
                    Kind.TEXT,
                    "telemetry-only",
                    "of requests that say nothing: `granted`, `telemetry-only` or `none`"),
            with("http.host", Kind.TEXT, "127.0.0.1", "address to listen on"),
            with("http.port", Kind.NUMBER, "8747", "port to listen on; 0 takes a free one"),
            optional("http.hosts", Kind.LIST, "further host names under which apps reach the agent; others get 421"),
            optional("http.origins", Kind.LIST, "web origins whose pages may call the agent; others get 403"),
            optional("http.token", Kind.SECRET, "what apps must send as `Authorization: Bearer` or `X-Edgewise-Token`"),
            optional("http.certificate", Kind.TEXT, "PEM file of the certificate: serves HTTPS"),
            optional("http.certificate-key", Kind.TEXT, "PEM file of its private key"),
            with("http.insecure", Kind.FLAG, "false", "allow an address other than loopback without HTTPS and token"),
            with("http.most-body", Kind.NUMBER, "4194304", "bytes of a request; larger ones get 413"),
            with("http.most-requests", Kind.NUMBER, "256", "requests at once; one more gets 503"),
            with(
                    "http.timeout",
                    Kind.DURATION,
                    "120s",
                    "longest answer, of a stream until it begins; `X-Edgewise-Timeout-Ms` may ask for less"),
            with("http.drain", Kind.DURATION, "20s", "patience with running requests and uploads when told to stop"),
            required("workload.name", Kind.TEXT, "the task, as the server knows it"),
            with("workload.version", Kind.NUMBER, "1", "version of its definition"),
            optional(
                    "workload.kind",
                    Kind.TEXT,
                    "what its answers are: `classification` (labels), `generation` (texts), `extraction` (JSON), `ranking` (a JSON array, best first) or `transcript`; else `classification` where there are labels, `edge.builds` or `edge.fetch`, and `generation` where there are none"),
            optional(
                    "workload.agreement",
                    Kind.TEXT,
                    "how two answers compare, by kind, the first where nobody says: `same-label/1`; `token-f1/1`, `rouge-l/1`, `normalised-exact-match/1`; `json-fields/1`; `ndcg/1`, `top-k/1`, `kendall/1`; `wer/1`, `cer/1`"),
            optional(
                    "workload.agreement-at",
                    Kind.NUMBER,
                    "the score from which on two answers agree, above 0 and up to 1, where answers are no labels; else 0.8"),
            optional("workload.labels", Kind.LIST, "the label set, in the order of the model's outputs"),
            optional(
                    "workload.labels-file",
                    Kind.TEXT,
                    "or a JSON file that lists it as `[{\"index\":0,\"intent\":…}]`"),
            optional("workload.refusal-labels", Kind.LIST, "labels that mean the model declined"),
            with("workload.currency", Kind.TEXT, "USD", "of the prices"),
            with("workload.price-card", Kind.TEXT, "none", "version of the prices"),
            optional("workload.prices", Kind.TABLE, "nano-units per request, of `edge` and of the frontier's name"),
            with("frontier.name", Kind.TEXT, "frontier", "how directives call it"),
            optional(
                    "frontier.url",
                    Kind.TEXT,
                    "of an OpenAI-compatible API: what stands before `/v1`. Only class `on-device` needs none"),
            optional("frontier.model", Kind.TEXT, "its model, for requests that do not name one"),
            optional("frontier.key", Kind.SECRET, "its API key; without it, the app's own `Authorization` is sent on"),
            with(
                    "frontier.timeout",
                    Kind.DURATION,
                    "30s",
                    "longest answer before the edge model is asked instead; of a stream each wait for more"),
            optional(
                    "frontier.prices",
                    Kind.TABLE,
                    "its price card: `version`, `currency`, and nano-units per `request`, `token-in`, `token-out`"),
            optional(
                    "frontier.cost-per-hour",
                    Kind.NUMBER,
                    "nano-units that may be spent there in an hour, by its price card"),
            optional(
                    "frontiers",
                    Kind.TABLES,
                    "several, in the order in which they are asked: each as `frontier` with a name of its own"),
            optional("edge.models", Kind.TEXT, "folder with `models.json` and the builds' ONNX files"),
            optional("edge.builds", Kind.LIST, "the builds to load from it"),
            optional(
                    "edge.reference",
                    Kind.TEXT,
                    "file of a signed reference set, which the challenger's build answers once a day"),
            optional(
                    "edge.fetch.url",
                    Kind.TEXT,
                    "where builds that orders name are fetched from: signed manifests and files"),
            optional("edge.fetch.token", Kind.SECRET, "what is sent there as `Authorization: Bearer`"),
            with("edge.fetch.quota", Kind.NUMBER, "2048", "megabytes of disk that fetched builds may take"),
            optional("edge.fetch.providers", Kind.LIST, "execution providers, the wanted first; else `cpu`"),
            optional("edge.server.url", Kind.TEXT, "local server that speaks the OpenAI API: before `/v1`"),
            optional("edge.server.build", Kind.TEXT, "the build that it runs, as the server knows it"),
            optional("edge.server.model", Kind.TEXT, "how the local server calls it"),
            optional("edge.server.sha256", Kind.TEXT, "digest of the file that it loaded"),
            optional("edge.server.key", Kind.SECRET, "its API key"),
            with("edge.server.timeout", Kind.DURATION, "60s", "longest answer; of a stream each wait for more"),
            with(
                    "edge.server.confidence",
                    Kind.TEXT,
                    "none",
                    "where confidence comes from: `label-logprobs`, `mean-logprob` or `none`"),
            with("edge.server.tools", Kind.FLAG, "false", "it can call tools: such requests are routed too"),
            with("edge.server.embeddings", Kind.FLAG, "false", "it answers `/v1/embeddings`, instead of the frontier"),
            optional(
                    "server.url",
                    Kind.TEXT,
                    "of Edgewise: orders come from there, and records go there. Without it the agent stands alone"),
            optional(
                    "server.token",
                    Kind.SECRET,
                    "this device's token, from its enrolment; not needed beside a certificate that names the device"),
            optional("server.feedback-key", Kind.SECRET, "this device's feedback key, hexadecimal, from its enrolment"),
            optional("server.signing-key", Kind.TEXT, "PEM file of the key that orders are signed with"),
            optional(
                    "server.client-certificate",
                    Kind.TEXT,
                    "PEM file of a certificate that this device shows to the server, and to nobody else"),
            optional("server.client-key", Kind.TEXT, "PEM file of its private key, PKCS#8 and not encrypted"),
            optional(
                    "uplink.kafka.bootstrap-servers",
                    Kind.TEXT,
                    "where records go instead, on a network that reaches Kafka"),
            optional("uplink.kafka.client", Kind.TABLE, "further Kafka properties, for TLS and SASL"),
            optional(
                    "trusted-authorities",
                    Kind.TEXT,
                    "PEM file of authorities to trust beside the usual ones, wherever the agent asks over HTTPS"),
            optional("slices", Kind.TABLE, "attributes to compare devices by, such as `locale: en`"),
            with("about.device-class", Kind.TEXT, "unknown", "kind of device"),
            optional("about.chipset", Kind.TEXT, "its chip"),
            optional(
                    "about.driver",
                    Kind.TEXT,
                    "its accelerator's driver and version: after another one, fetched builds answer their golden cases anew"),
            optional("about.entitlements", Kind.LIST, "what the system allows here, as fetched builds may ask for it"),
            optional(
                    "about.metered",
                    Kind.FLAG,
                    "whether its network costs by volume: then no mirrors to a frontier, and uploads are spared"),
            with("mirrors", Kind.NUMBER, "64", "requests that may wait for the other arm; 0 mirrors none"),
            with(
                    "privacy.class",
                    Kind.TEXT,
                    "redacted",
                    "where texts may go at most: `open` (to the frontier), `redacted` (without what is found in them), `on-device` (nowhere)"),
            with(
                    "privacy.pass-through",
                    Kind.FLAG,
                    "false",
                    "of class `redacted`: requests that the agent does not understand may leave as they are; others get 403"),
            optional("privacy.names", Kind.LIST, "names of people to redact, beside e-mail, telephone, card and IBAN"),
            optional("privacy.names-file", Kind.TEXT, "or a file with one on each line"),
            optional("privacy.patterns", Kind.TABLE, "RE2 patterns to redact, by what their placeholder says"),
            with(
                    "privacy.texts",
                    Kind.FLAG,
                    "false",
                    "record texts of pairs that disagree: redacted, with consent, encrypted on disk"),
            optional("privacy.uses", Kind.LIST, "what else they may be used for: `judge`, `training`"),
            optional(
                    "privacy.key-file",
                    Kind.TEXT,
                    "32 random bytes that encrypt them; else `spool.key` in `folder`, made when it is missing"),
            optional(
                    "routing.home",
                    Kind.TEXT,
                    "the build that answers where the frontier may not, and no order says so"),
            optional("routing.edge-limit", Kind.DURATION, "when a build is given up and the next in line is asked"),
            optional("routing.hedge-after", Kind.DURATION, "when the next in line is asked beside one that is slow"),
            with("routing.low-battery", Kind.NUMBER, "0", "percent of charge below which the frontier answers"),
            optional(
                    "routing.edge-milliwatts", Kind.NUMBER, "what the device takes while a build answers, as measured"),
            optional(
                    "routing.router.build",
                    Kind.TEXT,
                    "the router's own build, labels `edge` and `frontier`: how likely the edge's answer will do"),
            optional(
                    "routing.router.models",
                    Kind.TEXT,
                    "folder with its `models.json` and ONNX file; else `edge.models`"),
            optional(
                    "routing.router.release",
                    Kind.NUMBER,
                    "instead of a folder: this release of it is fetched from `edge.fetch.url`"),
            optional(
                    "breaker.p99",
                    Kind.DURATION,
                    "budget of a challenger's p99: when 5 of its latest 100 answers take longer, the champion answers"),
            with("mirroring.at-once", Kind.NUMBER, "8", "mirrored requests that run beside each other"),
            optional(
                    "mirroring.cost-per-hour",
                    Kind.NUMBER,
                    "nano-units that mirrors to a frontier may cost in an hour"),
            with("mirroring.low-battery", Kind.NUMBER, "20", "percent of charge below which nothing is mirrored"),
            with("log.format", Kind.TEXT, "json", "`json` or `text`"),
            with("log.level", Kind.TEXT, "info", "`error`, `warn`, `info` or `debug`"));

    private Keys() {}
}
