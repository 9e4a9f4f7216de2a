// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.builds;

import io.edgewise.agent.EdgeModel;
import io.edgewise.contracts.v1.Artifact;
import io.edgewise.contracts.v1.BuildManifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/// Makes a model of what was fetched. One per runtime.
@FunctionalInterface
public interface ModelLoader {
    /// `file` is the artifact's, `more` the other files by their SHA-256. Throws when the model does not load.
    EdgeModel load(BuildManifest manifest, Artifact artifact, Path file, Map<String, Path> more) throws IOException;
}
