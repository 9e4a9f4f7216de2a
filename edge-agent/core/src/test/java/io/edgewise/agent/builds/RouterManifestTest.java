// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.builds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.agent.Fixture;
import io.edgewise.agent.orders.Keyring;
import io.edgewise.contracts.v1.BuildManifest;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What a manifest must say of the build that the settings name as the router's.
class RouterManifestTest {
    private static final String HASH = "domain-hash";
    private static final long RELEASE = 3;

    private static BuildManifest read(BuildManifest.Builder manifest, String router) throws BuildRefusal {
        ManifestCheck check = new ManifestCheck(new BuildKeeper.Place(
                Path.of("nowhere"),
                "default",
                Workshop.WORKLOAD,
                1,
                Optional.of(new BuildKeeper.Router(router, RELEASE))));
        return check.read(
                Workshop.sign(manifest), Keyring.of(Fixture.KEYS.getPublic()), manifest.getBuild(), Fixture.NOW);
    }

    private static BuildManifest.Builder router(long release) throws Exception {
        return Workshop.draft(HASH).setRelease(release).clearLabels().addAllLabels(List.of("frontier", "edge"));
    }

    private static void assertRefused(BuildManifest.Builder manifest, String code, String words) {
        assertThatThrownBy(() -> read(manifest, HASH))
                .isInstanceOfSatisfying(
                        BuildRefusal.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(code))
                .hasMessageContaining(words);
    }

    @Test
    void itIsOfTheReleaseThatIsNamedAndKnowsHowToScore() throws Exception {
        assertThat(read(router(RELEASE), HASH).getRelease()).isEqualTo(RELEASE);
        assertRefused(router(RELEASE - 1), "release-not-named", "of release 2 of the router's build");
        assertRefused(router(RELEASE + 1), "release-not-named", "the settings name release 3");
        assertRefused(Workshop.draft(HASH).setRelease(RELEASE), "router", "a router's are \"edge\" and \"frontier\"");
    }

    @Test
    void otherBuildsMayHaveAnyReleaseAndAnyLabels() throws Exception {
        assertThat(read(Workshop.draft(HASH).setRelease(7), "another").getRelease())
                .isEqualTo(7);
    }
}
