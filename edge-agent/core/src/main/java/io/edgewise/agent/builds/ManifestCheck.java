// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.builds;

import com.google.protobuf.InvalidProtocolBufferException;
import io.edgewise.agent.Scorer;
import io.edgewise.agent.orders.Keyring;
import io.edgewise.contracts.Names;
import io.edgewise.contracts.Signing;
import io.edgewise.contracts.v1.Artifact;
import io.edgewise.contracts.v1.BuildManifest;
import io.edgewise.contracts.v1.Preprocessing;
import io.edgewise.contracts.v1.Signed;
import java.util.HashSet;
import java.util.Optional;
import java.util.regex.Pattern;

/// Whether a manifest may be believed, and is whole. Pure.
final class ManifestCheck {
    static final long LARGEST = 16L << 30;
    static final int LONGEST_INPUT = 8192;
    private static final int MOST_ARTIFACTS = 256;
    private static final int MOST_LABELS = 100_000;
    private static final int MOST_GOLDEN = 1_000;
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private final String tenant;
    private final String workload;

    private final Optional<BuildKeeper.Router> router;

    ManifestCheck(BuildKeeper.Place place) {
        this.tenant = place.tenant();
        this.workload = place.workload();
        this.router = place.router();
    }

    /// The manifest of this build, or a refusal.
    BuildManifest read(Signed signed, Keyring keys, String build, long wallMs) throws BuildRefusal {
        if (!signed.getDomain().equals(Signing.BUILD)) {
            throw new BuildRefusal("domain", "it is signed for \"" + signed.getDomain() + "\"");
        }
        if (!keys.verifies(signed)) {
            throw new BuildRefusal("signature", "no key that counts signed the manifest of " + build);
        }
        BuildManifest manifest;
        try {
            manifest = BuildManifest.parseFrom(signed.getPayload());
        } catch (InvalidProtocolBufferException e) {
            throw new BuildRefusal("malformed", "the manifest of " + build + " is no BuildManifest");
        }
        require(manifest.getTenant().equals(tenant), "tenant", "it is of tenant \"" + manifest.getTenant() + "\"");
        require(
                manifest.getWorkload().equals(workload),
                "workload",
                "it is of workload \"" + manifest.getWorkload() + "\"");
        require(manifest.getBuild().equals(build), "build", "it is of build \"" + manifest.getBuild() + "\"");
        require(
                manifest.getNotAfterMs() == 0 || wallMs < manifest.getNotAfterMs(),
                "expired",
                "it ran out at " + manifest.getNotAfterMs());
        whole(manifest);
        if (router.isPresent() && router.get().build().equals(build)) {
            scores(manifest, router.get());
        }
        return manifest;
    }

    private static void scores(BuildManifest manifest, BuildKeeper.Router named) throws BuildRefusal {
        require(
                manifest.getRelease() == named.release(),
                "release-not-named",
                "it is of release " + manifest.getRelease() + " of the router's build, and the settings name release "
                        + named.release());
        require(
                manifest.getLabelsList().contains(Scorer.EDGE),
                "router",
                "its labels are " + manifest.getLabelsList() + "; a router's are \"edge\" and \"frontier\"");
    }

    private static void whole(BuildManifest manifest) throws BuildRefusal {
        require(Names.isValid(manifest.getBuild()), "malformed", "its name is none");
        require(manifest.getRelease() > 0, "malformed", "releases count from 1");
        int labels = manifest.getLabelsCount();
        require(labels > 0 && labels <= MOST_LABELS, "malformed", "it has " + labels + " labels");
        require(new HashSet<>(manifest.getLabelsList()).size() == labels, "malformed", "a label is there twice");
        int artifacts = manifest.getArtifactsCount();
        require(artifacts > 0 && artifacts <= MOST_ARTIFACTS, "malformed", "it has " + artifacts + " artifacts");
        for (Artifact artifact : manifest.getArtifactsList()) {
            file(artifact.getSha256(), artifact.getBytes());
        }
        int golden = manifest.getGoldenCount();
        require(
                golden > 0 && golden <= MOST_GOLDEN,
                "malformed",
                "it has " + golden + " golden cases; without any no device can tell whether it runs right");
        require(manifest.getTolerance() >= 0 && manifest.getTolerance() <= 1, "malformed", "its tolerance is no share");
        preprocessing(manifest.getPreprocessing());
    }

    private static void preprocessing(Preprocessing preprocessing) throws BuildRefusal {
        switch (preprocessing.getKindCase()) {
            case INTENT_HASH ->
                require(!preprocessing.getIntentHash().getInput().isEmpty(), "malformed", "its input has no name");
            case HUGGING_FACE -> {
                var tokenizer = preprocessing.getHuggingFace();
                file(tokenizer.getSha256(), tokenizer.getBytes());
                require(
                        tokenizer.getMaxLength() > 0 && tokenizer.getMaxLength() <= LONGEST_INPUT,
                        "malformed",
                        "its inputs have " + tokenizer.getMaxLength() + " tokens at most");
                require(!tokenizer.getInputIds().isEmpty(), "malformed", "its input has no name");
            }
            case KIND_NOT_SET -> throw new BuildRefusal("preprocessing", "this agent does not know how to feed it");
        }
    }

    private static void file(String sha256, long bytes) throws BuildRefusal {
        require(SHA256.matcher(sha256).matches(), "malformed", "\"" + sha256 + "\" is no SHA-256");
        require(bytes > 0 && bytes <= LARGEST, "malformed", "a file of " + bytes + " bytes");
    }

    private static void require(boolean holds, String code, String what) throws BuildRefusal {
        if (!holds) {
            throw new BuildRefusal(code, "the manifest is refused: " + what);
        }
    }
}
