// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.builds;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.v1.Artifact;
import io.edgewise.contracts.v1.BuildManifest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Which artifact a device takes, by what it is, before anything is downloaded.
class ArtifactChoiceTest {
    private static final DeviceTraits DEVICE = new DeviceTraits(
            new DeviceTraits.Os("linux", "6.8.0", "arm64"),
            "qcs6490",
            4L << 30,
            Map.of("onnxruntime", "1.23.2"),
            List.of("qnn", "cpu"),
            Set.of("npu"),
            "htp 2.31");

    private static Artifact.Builder artifact(String provider) {
        return Artifact.newBuilder()
                .setRuntime("onnxruntime")
                .setProvider(provider)
                .setSha256(provider.repeat(3))
                .setBytes(1);
    }

    private static BuildManifest manifest(Artifact.Builder... artifacts) {
        BuildManifest.Builder manifest = BuildManifest.newBuilder();
        for (Artifact.Builder artifact : artifacts) {
            manifest.addArtifacts(artifact);
        }
        return manifest.build();
    }

    private static Arguments met(String what, UnaryOperator<Artifact.Builder> demand) {
        return Arguments.of(what, demand, "");
    }

    private static Arguments unmet(String obstacle, UnaryOperator<Artifact.Builder> demand) {
        return Arguments.of(obstacle, demand, obstacle);
    }

    static Stream<Arguments> demands() {
        return Stream.of(
                met("no demand", made -> made),
                met("the version of the runtime", made -> made.setSdkVersion("1.23.2")),
                unmet("made for version 1.22.0, but 1.23.2 is here", made -> made.setSdkVersion("1.22.0")),
                unmet("the runtime coreml is not here", made -> made.setRuntime("coreml")),
                met("the system", made -> made.setOs("linux")),
                unmet("made for android", made -> made.setOs("android")),
                met("the architecture", made -> made.setArch("arm64")),
                unmet("made for x64", made -> made.setArch("x64")),
                met("the chip", made -> made.setChipset("qcs6490")),
                unmet("made for sm8750", made -> made.setChipset("sm8750")),
                met("an older system", made -> made.setMinimumOsVersion("6.1")),
                met("this system", made -> made.setMinimumOsVersion("6.8")),
                unmet("needs version 6.10 of the operating system", made -> made.setMinimumOsVersion("6.10")),
                met("its memory", made -> made.setMinimumRamBytes(4L << 30)),
                unmet("needs 4294967297 bytes of memory", made -> made.setMinimumRamBytes((4L << 30) + 1)),
                met("what it is allowed", made -> made.addEntitlements("npu")),
                unmet(
                        "needs the entitlement gpu",
                        made -> made.addEntitlements("npu").addEntitlements("gpu")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("demands")
    void anArtifactIsTakenWhenEveryDemandIsMetAndElseTheNextProvidersIs(
            String what, UnaryOperator<Artifact.Builder> demand, String obstacle) {
        ArtifactChoice choice = ArtifactChoice.of(manifest(artifact("cpu"), demand.apply(artifact("qnn"))), DEVICE);

        assertThat(choice.artifact().orElseThrow().getProvider()).isEqualTo(obstacle.isEmpty() ? "qnn" : "cpu");
        if (obstacle.isEmpty()) {
            assertThat(choice.passedOver()).isEmpty();
        } else {
            assertThat(choice.passedOver()).singleElement().asString().contains(obstacle);
        }
    }

    @Test
    void aProviderThatTheDeviceHasNotIsNamed() {
        ArtifactChoice choice = ArtifactChoice.of(manifest(artifact("cuda")), DEVICE);

        assertThat(choice.artifact()).isEmpty();
        assertThat(choice.passedOver()).containsExactly("onnxruntime/cuda: this device has no cuda");
    }
}
