// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.builds;

import io.edgewise.contracts.v1.Artifact;
import io.edgewise.contracts.v1.BuildManifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Which artifact of a build a device takes, before anything is downloaded: the first by the device's own
/// order of providers whose every demand is met. `passedOver` says of the others why not.
public record ArtifactChoice(Optional<Artifact> artifact, List<String> passedOver) {
    public ArtifactChoice {
        passedOver = List.copyOf(passedOver);
    }

    public static ArtifactChoice of(BuildManifest manifest, DeviceTraits device) {
        List<String> passedOver = new ArrayList<>();
        Optional<Artifact> chosen = Optional.empty();
        for (String provider : device.providers()) {
            for (Artifact artifact : manifest.getArtifactsList()) {
                if (chosen.isPresent() || !artifact.getProvider().equals(provider)) {
                    continue;
                }
                String obstacle = obstacle(artifact, device);
                if (obstacle.isEmpty()) {
                    chosen = Optional.of(artifact);
                } else {
                    passedOver.add(name(artifact) + ": " + obstacle);
                }
            }
        }
        for (Artifact artifact : manifest.getArtifactsList()) {
            if (!device.providers().contains(artifact.getProvider())) {
                passedOver.add(name(artifact) + ": this device has no " + artifact.getProvider());
            }
        }
        return new ArtifactChoice(chosen, passedOver);
    }

    static String name(Artifact artifact) {
        return artifact.getRuntime() + "/" + artifact.getProvider()
                + (artifact.getSdkVersion().isEmpty() ? "" : "@" + artifact.getSdkVersion());
    }

    /// Empty when the device can run it.
    private static String obstacle(Artifact artifact, DeviceTraits device) {
        String runtime = device.runtimes().getOrDefault(artifact.getRuntime(), "");
        if (runtime.isEmpty()) {
            return "the runtime " + artifact.getRuntime() + " is not here";
        }
        // What an accelerator's compiler made runs on the runtime that it was made for only.
        if (!artifact.getSdkVersion().isEmpty() && !artifact.getSdkVersion().equals(runtime)) {
            return "made for version " + artifact.getSdkVersion() + ", but " + runtime + " is here";
        }
        if (!fits(artifact.getOs(), device.os().name())) {
            return "made for " + artifact.getOs();
        }
        if (!fits(artifact.getArch(), device.os().arch())) {
            return "made for " + artifact.getArch();
        }
        if (!fits(artifact.getChipset(), device.chipset())) {
            return "made for " + artifact.getChipset();
        }
        if (artifact.getMinimumRamBytes() > device.ramBytes()) {
            return "needs " + artifact.getMinimumRamBytes() + " bytes of memory; the device has " + device.ramBytes();
        }
        if (Versions.compare(device.os().version(), artifact.getMinimumOsVersion()) < 0) {
            return "needs version " + artifact.getMinimumOsVersion() + " of the operating system; the device has "
                    + device.os().version();
        }
        for (String entitlement : artifact.getEntitlementsList()) {
            if (!device.entitlements().contains(entitlement)) {
                return "needs the entitlement " + entitlement;
            }
        }
        return "";
    }

    private static boolean fits(String asked, String is) {
        return asked.isEmpty() || asked.equals(is);
    }
}
