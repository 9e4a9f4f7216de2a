// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.v1.Directive.Mode;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What an observation says of the machine that it was made on: whether it is one, and what it took.
class EmulationTest {
    @TempDir
    private Path folder = Path.of("");

    private final World world = new World();

    @AfterEach
    void end() {
        world.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model name\t: QEMU TCG CPU version 2.5+ | true",
                "model name\t: QEMU Virtual CPU version 4.2.0 | true",
                "Hardware\t: Goldfish | true",
                "ro.product.board=goldfish_x86_64 | true",
                "Hardware\t: ranchu | true",
                "ro.product.model=sdk_gphone64_x86_64 | true",
                "ro.product.model=Android SDK built for arm64 | true",
                "ro.kernel.qemu=1 | true",
                "model name\t: Intel(R) Xeon(R) Processor (KVM guest) | false",
                "model name\t: AMD EPYC-Milan Processor | false",
                "Raspberry Pi 5 Model B Rev 1.0 | false",
                "Apple MacBook Pro (14-inch, M3) | false",
                "Linux version 6.8.0-qemu-guest-agent (build@host) | false",
                "ro.product.model=Pixel 9 | false",
                "ro.kernel.qemu=0 | false",
            })
    void anEmulatorNamesItselfAndAVirtualMachineOnRealProcessorsIsNone(String said, boolean isEmulator) {
        assertThat(Emulation.names(said)).isEqualTo(isEmulator);
    }

    @Test
    void whatAnEmulatorObservesAndTellsIsMarked() {
        AgentSettings like = Fixture.settings(folder);
        AgentSettings emulated = new AgentSettings(
                like.tenant(),
                like.device(),
                like.deviceToken(),
                like.feedbackKey(),
                like.folder(),
                like.workload(),
                like.context().toBuilder().setEmulated(true).build(),
                Map.of(),
                like.frontier(),
                like.mirrorQueue());
        try (EdgeAgent agent = EdgeAgent.open(emulated, world.ports())) {
            agent.serve(new Request("user-1", "hi"));
            agent.drain(Duration.ofSeconds(30));

            assertThat(world.observations)
                    .isNotEmpty()
                    .allMatch(one -> one.getContext().getEmulated());
            Await.until("a status", () -> !world.statuses.isEmpty());
            assertThat(world.statuses).allMatch(status -> status.getEmulated());
        }
    }

    private Observation answered(OptionalLong milliwatts) {
        Policies policies = new Policies(
                Policies.DEFAULT.privacy(),
                new Policies.Routing(Optional.empty(), Optional.empty(), Optional.empty(), 0, milliwatts),
                Policies.DEFAULT.mirroring(),
                Policies.DEFAULT.breaker());
        world.edge = () -> {
            world.nanos.addAndGet(5_000_000);
            return World.answer("yes");
        };
        world.order(Fixture.sign(Fixture.directive(Mode.MODE_APPROVED, 5).setPairingCanaryBp(0)));
        try (EdgeAgent agent = EdgeAgent.open(Fixture.settings(folder, policies), world.ports())) {
            Await.until("orders", () -> agent.snapshot().revision() > 0);
            agent.serve(new Request("user-1", "hi"));
            agent.drain(Duration.ofSeconds(30));
        }
        return world.observations.getLast();
    }

    @Test
    void anAnswerCarriesTheEnergyOfItsTimeAtThePowerThatWasMeasured() {
        assertThat(answered(OptionalLong.of(2_000)).getArms(0).getEnergyUj())
                .as("5 ms at 2 W")
                .isEqualTo(10_000);
    }

    @Test
    void withoutAMeasuredPowerTheEnergyIsAbsentAndNotZero() {
        assertThat(answered(OptionalLong.empty()).getArms(0).hasEnergyUj()).isFalse();
    }
}
