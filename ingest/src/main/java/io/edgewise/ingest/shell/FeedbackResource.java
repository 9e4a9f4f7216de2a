// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest.shell;

import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.ingest.Feedbacks;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Path;
import java.time.InstantSource;

/// What was said on a device of its answers.
@Singleton
@Path("/ingest/v1/feedback")
public class FeedbackResource extends RecordsResource {
    @Inject
    public FeedbackResource(IngestRole role, DeviceSecrets secrets, IngestConfig config, InstantSource clock) {
        super(
                new Intake(new DeviceLogin(secrets, role::isRevoked), config, clock),
                new BatchWork<>(new Feedbacks(), role));
    }
}
