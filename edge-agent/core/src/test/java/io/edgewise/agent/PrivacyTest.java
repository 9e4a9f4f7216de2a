// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.agent.privacy.PrivacyClass;
import io.edgewise.agent.privacy.PrivacyPolicy;
import io.edgewise.agent.privacy.Redactor;
import io.edgewise.agent.spool.SpoolKey;
import io.edgewise.contracts.Fault;
import io.edgewise.contracts.ObservationFaults;
import io.edgewise.contracts.v1.Consent;
import io.edgewise.contracts.v1.Directive.Mode;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.Role;
import io.edgewise.contracts.v1.TextUse;
import io.edgewise.testkit.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What leaves the device, and what stays of a request on it.
final class PrivacyTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String SECRET = "canary-7f3a@example.org";
    private static final PrivacyPolicy TEXTS =
            new PrivacyPolicy(PrivacyClass.REDACTED, Redactor.BUILT_IN, true, Set.of(PrivacyPolicy.Use.JUDGE));

    @TempDir
    Path folder = Path.of("");

    private final World world = new World();

    @AfterEach
    void everythingSentIsValid() {
        world.close();
        for (Observation observation : world.observations) {
            assertThat(ObservationFaults.of(observation, world.wallMs.get()))
                    .extracting(Fault::reason)
                    .isEmpty();
        }
    }

    private EdgeAgent open(PrivacyPolicy privacy) throws IOException {
        world.spoolKey = Optional.of(SpoolKey.file(folder.resolve("key")));
        world.frontierLabel = "no";
        world.order(Fixture.sign(Fixture.directive(Mode.MODE_SHADOW, 5)));
        Policies policies = new Policies(
                privacy, Policies.DEFAULT.routing(), Policies.DEFAULT.mirroring(), Policies.DEFAULT.breaker());
        EdgeAgent agent = EdgeAgent.open(Fixture.settings(folder.resolve("agent"), policies), world.ports());
        Await.until("orders", () -> agent.snapshot().revision() > 0);
        return agent;
    }

    private static Request saying(String text, Terms terms) {
        return new Request("user-1", text, terms, Optional.empty());
    }

    private boolean isOnDisk(String text) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text)) {
                    return true;
                }
            }
            return false;
        }
    }

    @Test
    void sendsNoTextUnlessTheWorkloadAllowsIt() throws IOException {
        try (EdgeAgent agent = open(PrivacyPolicy.DEFAULT)) {
            world.isUplinkDown = true;
            agent.serve(saying("write to " + SECRET, Terms.GRANTED));
            Await.until("the record", () -> agent.snapshot().lastSeq() == 1);

            assertThat(isOnDisk("canary-7f3a")).isFalse();
            world.isUplinkDown = false;
            agent.drain(LONG);
            assertThat(world.observations.getFirst().toString())
                    .doesNotContain("canary")
                    .doesNotContain("write to");
            assertThat(world.statuses.toString()).doesNotContain("canary");
        }
    }

    @Test
    void asksTheFrontierWithoutWhatIdentifiesAPerson() throws IOException {
        try (EdgeAgent agent = open(PrivacyPolicy.DEFAULT)) {
            agent.serve(saying("write to " + SECRET, Terms.GRANTED));

            assertThat(world.askedTexts).containsExactly("write to [EMAIL_1]");
        }
    }

    @Test
    void asksNoFrontierForWhatMustStayOnTheDevice() throws IOException {
        try (EdgeAgent agent = open(PrivacyPolicy.DEFAULT)) {
            Answer answer = agent.serve(saying("hi", Terms.GRANTED.with(PrivacyClass.ON_DEVICE)));
            agent.drain(LONG);

            assertThat(answer.servedBy()).isEqualTo(Role.ROLE_CHALLENGER);
            assertThat(world.askedTexts).isEmpty();
            assertThat(world.observations.getFirst().getPairingSelected()).isFalse();
        }
        try (EdgeAgent agent = open(new PrivacyPolicy(PrivacyClass.ON_DEVICE, Redactor.BUILT_IN, false, Set.of()))) {
            world.edge = () -> {
                throw new IllegalStateException("broken model");
            };
            Answer answer = agent.serve(saying("hi", Terms.GRANTED));

            assertThat(answer.failure()).isPresent();
            assertThat(world.askedTexts).isEmpty();
        }
    }

    @Test
    void answersWithItsHomeBuildWhatMustStayWhenNoOrderNamesABuild() {
        Policies policies = new Policies(
                PrivacyPolicy.DEFAULT,
                new Policies.Routing(
                        Optional.of("edge-1"), Optional.empty(), Optional.empty(), 0, java.util.OptionalLong.empty()),
                Policies.DEFAULT.mirroring(),
                Policies.DEFAULT.breaker());
        try (EdgeAgent agent = EdgeAgent.open(Fixture.settings(folder, policies), world.ports())) {
            Answer answer = agent.serve(saying("hi", Terms.GRANTED.with(PrivacyClass.ON_DEVICE)));

            assertThat(answer.label()).isEqualTo("yes");
            assertThat(answer.details().reason()).isEqualTo("on-device");
            assertThat(world.askedTexts).isEmpty();
        }
    }

    @Test
    void recordsRedactedTextsOfPairsThatDisagreeWithConsent() throws IOException {
        try (EdgeAgent agent = open(TEXTS)) {
            world.isUplinkDown = true;
            agent.serve(saying("write to " + SECRET + " on the beach", Terms.GRANTED));
            Await.until("the record", () -> agent.snapshot().lastSeq() == 1);
            assertThat(isOnDisk("on the beach")).as("in clear on disk").isFalse();
            world.isUplinkDown = false;
            agent.drain(LONG);

            Observation observation = world.observations.getFirst();
            assertThat(observation.getComparison().getAgrees()).isFalse();
            assertThat(observation.getRequestText()).isEqualTo("write to [EMAIL_1] on the beach");
            assertThat(observation.getTextUsesList()).containsExactly(TextUse.TEXT_USE_JUDGE);
            assertThat(observation.getConsent()).isEqualTo(Consent.CONSENT_GRANTED);
        }
    }

    @Test
    void recordsNoTextOfPairsThatAgree() throws IOException {
        try (EdgeAgent agent = open(TEXTS)) {
            world.frontierLabel = "yes";
            agent.serve(saying("on the beach", Terms.GRANTED));
            agent.drain(LONG);

            assertThat(world.observations.getFirst().getRequestText()).isEmpty();
            assertThat(world.observations.getFirst().getTextUsesList()).isEmpty();
        }
    }

    @Test
    void neitherMirrorsNorRecordsTextsWithoutConsent() throws IOException {
        try (EdgeAgent agent = open(TEXTS)) {
            agent.serve(saying("on the beach", Terms.DEFAULT));
            Answer none = agent.serve(saying("on the beach", Terms.DEFAULT.with(io.edgewise.agent.Consent.NONE)));
            agent.drain(LONG);

            assertThat(none.feedbackToken()).isEmpty();
            assertThat(world.observations).hasSize(1);
            Observation numbers = world.observations.getFirst();
            assertThat(numbers.getConsent()).isEqualTo(Consent.CONSENT_TELEMETRY_ONLY);
            assertThat(numbers.getArmsCount()).isEqualTo(1);
            assertThat(numbers.getRequestText()).isEmpty();
            assertThat(agent.counters()).containsEntry("withheld", 1L);
        }
    }
}
