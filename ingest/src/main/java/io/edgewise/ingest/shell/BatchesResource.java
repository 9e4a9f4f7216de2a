// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest.shell;

import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.ingest.Observations;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Path;
import java.time.InstantSource;

/// A device's observations.
@Singleton
@Path("/ingest/v1/batches")
public class BatchesResource extends RecordsResource {
    @Inject
    public BatchesResource(IngestRole role, DeviceSecrets secrets, IngestConfig config, InstantSource clock) {
        super(
                new Intake(new DeviceLogin(secrets, role::isRevoked), config, clock),
                new BatchWork<>(new Observations(), role));
    }
}
