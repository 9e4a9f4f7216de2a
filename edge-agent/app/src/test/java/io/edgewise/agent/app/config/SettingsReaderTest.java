// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.agent.ConfidenceSource;
import io.edgewise.agent.Consent;
import io.edgewise.agent.Policies;
import io.edgewise.agent.PriceCard;
import io.edgewise.agent.privacy.PrivacyClass;
import io.edgewise.agent.privacy.PrivacyPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsReaderTest {
    private static final String SMALLEST = """
            device: kiosk-17
            workload: {name: voice-ivr-intent, labels: [yes-please, "no", oos]}
            frontier: {url: "https://api.example.com", model: gpt-x}
            """;

    @TempDir
    private Path folder = Path.of("");

    private Settings read(String yaml, Map<String, String> environment) throws ConfigFailure {
        return SettingsReader.read("agent.yaml", yaml, environment, folder);
    }

    private static Settings.Frontier first(Settings settings) {
        return settings.frontiers().first().orElseThrow();
    }

    @Test
    void fourLinesAreEnough() throws ConfigFailure {
        Settings settings = read(SMALLEST, Map.of());

        assertThat(settings.http().host()).isEqualTo("127.0.0.1");
        assertThat(settings.http().port()).isEqualTo(8747);
        assertThat(settings.identity().consent()).isEqualTo(Consent.TELEMETRY_ONLY);
        assertThat(settings.identity().folder()).isEqualTo(folder.resolve("edgewise-agent-data"));
        assertThat(settings.workload().labels()).containsExactly("yes-please", "no", "oos");
        assertThat(first(settings).timeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.server()).isEmpty();
        assertThat(settings.isUplinked()).isFalse();
    }

    @Test
    void theEnvironmentComesBeforeTheFile() throws ConfigFailure {
        Settings settings = read(
                SMALLEST,
                Map.of(
                        "EDGEWISE_AGENT_HTTP_PORT", "9000",
                        "EDGEWISE_AGENT_FRONTIER_KEY", "secret",
                        "EDGEWISE_AGENT_WORKLOAD_LABELS", "a, b",
                        "PATH", "/bin"));

        assertThat(settings.http().port()).isEqualTo(9000);
        assertThat(first(settings).key()).hasValue("secret");
        assertThat(settings.workload().labels()).containsExactly("a", "b");
        assertThat(settings.toString()).doesNotContain("secret");
    }

    @Test
    void aSecretMayStandInAFileOfItsOwn() throws ConfigFailure, IOException {
        Path file = Files.writeString(folder.resolve("key"), "from-a-file\n");

        assertThat(read(SMALLEST + "http: {token: {file: " + file + "}}", Map.of())
                        .http()
                        .token())
                .hasValue("from-a-file");
        assertThat(first(read(SMALLEST, Map.of("EDGEWISE_AGENT_FRONTIER_KEY_FILE", file.toString())))
                        .key())
                .hasValue("from-a-file");
        assertThatThrownBy(() -> read(SMALLEST + "http: {token: {file: /nowhere/key}}", Map.of()))
                .hasMessageContaining("http.token: the file /nowhere/key cannot be read");
    }

    @Test
    void allFaultsAreNamedAtOnceEachWithWhatToWriteInstead() {
        assertThatThrownBy(() -> read("""
                        device: Kiosk 17
                        workloads: {name: x}
                        frontier: {url: "api.example.com", timeout: 30}
                        http: {port: 99999, insecure: maybe}
                        consent: yes
                        """, Map.of("EDGEWISE_AGENT_HTTP_PROT", "1")))
                .isInstanceOf(ConfigFailure.class)
                .hasMessageContaining("agent.yaml cannot be used")
                .hasMessageContaining("device \"Kiosk 17\" is not a name")
                .hasMessageContaining("\"workloads\" is no setting; did you mean \"workload\"?")
                .hasMessageContaining("workload.name: is missing; write \"name: …\"")
                .hasMessageContaining("frontier.url: is \"api.example.com\"; write an address like https://")
                .hasMessageContaining("frontier.model: is missing")
                .hasMessageContaining("frontier.timeout: is \"30\"; write a duration like 500ms")
                .hasMessageContaining("http.port: is 99999; write a whole number from 0 to 65535")
                .hasMessageContaining("http.insecure: is \"maybe\"; write one of false, true")
                .hasMessageContaining("consent: is \"yes\"; write one of telemetry-only, granted, none")
                .hasMessageContaining("the environment sets EDGEWISE_AGENT_HTTP_PROT, which is no setting; unset it");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http: {host: 0.0.0.0} | http.host: is \"0.0.0.0\", which others can reach: write 127.0.0.1",
                "edge: {builds: [a]} | edge.models: is missing; name the folder",
                "edge: {models: m} | edge.builds: is empty; list the builds",
                "edge: {reference: a.reference} | edge.reference: needs server.url and server.signing-key",
                "edge: {server: {url: \"http://127.0.0.1:8080\"}} | edge.server.build: is missing",
                "edge: {server: {url: \"http://127.0.0.1:8080/v1\", build: a, model: b}} | ends with /v1",
                "server: {url: \"https://x.example\"} | server.token: is missing; the server's enrolment",
                "server: {url: \"https://x.example\", token: default~kiosk-18~x} | server.token: is of device kiosk-18 of tenant default, and this is device kiosk-17",
                "slices: {\"The Locale\": en} | slices: slice attribute \"The Locale\" is not a name",
                "slices: {locale: \"a\\u0007\"} | slices: slice attribute locale must have a value of at most 1024",
                "device: twice | Duplicate field 'device'",
                "http: [1] | \"http\" must be a table",
                "htttp: {} | \"htttp\" is no setting; did you mean \"http\"?",
            })
    void saysWhatIsWrong(String more, String expected) {
        assertThatThrownBy(() -> read(SMALLEST + more, Map.of()))
                .isInstanceOf(ConfigFailure.class)
                .hasMessageContaining(expected);
    }

    @Test
    void namesThatAFeedbackTokenHasNoRoomForAreAFault() {
        String longest = "n".repeat(120);
        assertThatThrownBy(() -> read(
                        "device: %s\ntenant: %s\nworkload: {name: %s, labels: [a, b]}\nfrontier: {url: \"https://x.example\", model: m}\n"
                                .formatted(longest, longest, longest),
                        Map.of()))
                .isInstanceOf(ConfigFailure.class)
                .hasMessageContaining("device: the names of tenant, device and workload have 360 characters together");
    }

    @Test
    void aFileThatIsNotThereIsCalledThat() {
        assertThatThrownBy(() -> SettingsReader.load(folder.resolve("none.yaml"), Map.of()))
                .isInstanceOf(ConfigFailure.class)
                .hasMessageContaining(
                        "none.yaml cannot be used:\n  - there is no such file; write it as docs/agent.md");
    }

    @Test
    void anOpenAddressNeedsEncryptionAndATokenOrAnExplicitWord() throws ConfigFailure {
        assertThat(read(SMALLEST + "http: {host: 0.0.0.0, insecure: true}", Map.of())
                        .http()
                        .host())
                .isEqualTo("0.0.0.0");
    }

    @Test
    void aLocalServerDeclaresWhereItsConfidenceComesFrom() throws ConfigFailure {
        Settings settings = read(
                SMALLEST + "edge: {server: {url: \"http://127.0.0.1:8080\", build: llm-1, model: m,"
                        + " confidence: label-logprobs}}",
                Map.of());

        assertThat(settings.edge().server().orElseThrow().confidence()).isEqualTo(ConfidenceSource.LABEL_LOGPROBS);
    }

    @Test
    void whatMayLeaveTheDeviceIsRedactedUnlessSomebodySaysOtherwise() throws ConfigFailure {
        Policies unsaid = read(SMALLEST, Map.of()).policies();
        assertThat(unsaid.privacy().least()).isEqualTo(PrivacyClass.REDACTED);
        assertThat(unsaid.privacy().texts()).isFalse();
        assertThat(unsaid.routing()).isEqualTo(Policies.Routing.DEFAULT);
        assertThat(unsaid.mirroring()).isEqualTo(Policies.Mirroring.DEFAULT);
        assertThat(read(SMALLEST, Map.of()).privacy().passThrough()).isFalse();

        Settings said = read(SMALLEST + """
                privacy: {class: open, texts: true, uses: [judge], names: [Ada], key-file: keys/spool}
                routing: {edge-limit: 300ms, hedge-after: 100ms, low-battery: 15}
                mirroring: {at-once: 2, cost-per-hour: 5000000, low-battery: 30}
                """, Map.of());

        assertThat(said.policies().privacy().least()).isEqualTo(PrivacyClass.OPEN);
        assertThat(said.policies().privacy().uses()).containsExactly(PrivacyPolicy.Use.JUDGE);
        assertThat(said.privacy().keyFile()).isEqualTo(folder.resolve("keys/spool"));
        assertThat(said.policies().routing().edgeLimit()).hasValue(Duration.ofMillis(300));
        assertThat(said.policies().routing().lowBattery()).isEqualTo(0.15);
        assertThat(said.policies().mirroring()).isEqualTo(new Policies.Mirroring(2, 5_000_000, 0.3));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "privacy: {class: secret}|privacy.class: is \"secret\"",
                "privacy: {class: on-device}|routing.home: is missing",
                "privacy: {texts: true, uses: [fun]}|privacy.uses: \"fun\" is no use",
                "privacy: {uses: [judge]}|texts may be used for",
                "privacy: {patterns: {order: '('}}|is not RE2 syntax",
                "privacy: {names-file: nowhere}|privacy.names-file: the file",
                "routing: {home: nowhere}|is neither in edge.builds",
                "routing: {low-battery: 101}|routing.low-battery: is 101",
                "mirroring: {cost-per-hour: much}|mirroring.cost-per-hour: is \"much\"",
            })
    void rulesThatCannotHoldAreNamed(String yaml, String fault) {
        assertThatThrownBy(() -> read(SMALLEST + yaml, Map.of())).hasMessageContaining(fault);
    }

    private static final String SEVERAL = """
            device: kiosk-17
            workload: {name: voice-ivr-intent}
            frontier: {name: cloud}
            frontiers:
              - {name: one, url: "https://one.example.com", model: large}
              - name: two
                url: https://two.example.com
                model: big
                key: sesame
                timeout: 5s
                prices: {version: "2026-11", request: 10, token-in: 150, token-out: 600}
                cost-per-hour: 5000000000
            """;

    @Test
    void frontiersAreAListInTheOrderInWhichTheyAreAsked() throws ConfigFailure {
        Settings settings = read(SEVERAL, Map.of());

        assertThat(settings.frontiers().name()).isEqualTo("cloud");
        assertThat(settings.frontiers().members())
                .extracting(Settings.Frontier::name)
                .containsExactly("one", "two");
        assertThat(first(settings).nanosPerHour()).isEqualTo(Long.MAX_VALUE);
        Settings.Frontier two = settings.frontiers().members().getLast();
        assertThat(two.prices()).hasValue(new PriceCard("2026-11", "USD", 10, 150, 600));
        assertThat(two.nanosPerHour()).isEqualTo(5_000_000_000L);
        assertThat(two.timeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.toString()).doesNotContain("sesame");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name: cloud}|url: \"https://x.example\"}|frontiers: stands beside frontier.…; move that one into the list",
                "name: two|name: one|frontiers[1].name: \"one\" is in the list twice",
                "name: two|alias: two|\"frontiers[1].alias\" is no setting",
                "name: two|''|frontiers[1].name: is missing",
                "key: sesame|''|frontiers[1].key: is missing; the app's own key is sent to the first",
                "url: https://two.example.com|url: two|frontiers[1].url: is \"two\"",
                "token-in: 150|tokens: 150|frontiers[1].prices: has \"tokens\"; known are [currency, request",
                "token-in: 150|token-in: much|frontiers[1].prices: must be whole nano-units",
                "cost-per-hour: 5000000000|cost-per-hour: -1|frontiers[1].cost-per-hour: is -1; a cost is not negative",
            })
    void whatIsWrongInTheListIsNamedByItsPlace(String right, String wrong, String fault) {
        assertThatThrownBy(() -> read(SEVERAL.replace(right, wrong), Map.of())).hasMessageContaining(fault);
    }

    @Test
    void whereNothingMayLeaveTheDeviceNoFrontierIsNamed() throws ConfigFailure {
        String local = """
                device: kiosk-17
                workload: {name: voice-ivr-intent}
                edge: {models: m, builds: [a]}
                routing: {home: a}
                """;

        assertThat(read(local + "privacy: {class: on-device}", Map.of())
                        .frontiers()
                        .first())
                .isEmpty();
        assertThatThrownBy(() -> read(local, Map.of())).hasMessageContaining("frontier.url: is missing");
    }

    @Test
    void fetchedBuildsNeedTheKeyThatSignsThem() throws ConfigFailure {
        assertThatThrownBy(() -> read(SMALLEST + "edge: {fetch: {url: \"https://b.example.com\"}}", Map.of()))
                .hasMessageContaining("edge.fetch.url: needs server.url and server.signing-key");
        assertThatThrownBy(() -> read(
                        SMALLEST + "edge: {fetch: {quota: 0}}", Map.of("EDGEWISE_AGENT_EDGE_FETCH_URL", "ftp://x")))
                .hasMessageContaining("edge.fetch.url: is \"ftp://x\"")
                .hasMessageContaining("edge.fetch.quota: is 0");
    }

    @Test
    void whatIsNotYamlIsNamedByItsLine() {
        assertThatThrownBy(() -> read("device: a\nworkload: {name: [", Map.of()))
                .hasMessageContaining("line ");
        assertThatThrownBy(() -> read("just words", Map.of())).hasMessageContaining("not a table of settings");
    }

    @Test
    void everySettingIsInTheReferenceAsItIs() throws IOException {
        String reference = Files.readString(Path.of("../../docs/agent.md"));

        for (Key key : Key.all()) {
            String fallback = switch (key.fallback()) {
                case Key.Required _ -> "required";
                case Key.Absent _ -> "";
                case Key.Default given -> "`" + given.text() + "`";
            };
            assertThat(reference)
                    .contains("| `" + key.path() + "` | " + fallback + (fallback.isEmpty() ? "" : " ") + "| "
                            + key.meaning() + " |");
        }
    }
}
