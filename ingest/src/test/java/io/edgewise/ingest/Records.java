// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest;

import com.google.protobuf.ByteString;
import io.edgewise.contracts.DeviceSecrets.Principal;
import io.edgewise.contracts.Signing;
import io.edgewise.contracts.v1.Arm;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.Lease;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.ObservationKind;
import io.edgewise.contracts.v1.Role;
import io.edgewise.contracts.v1.Signed;

/// Records of a device, and orders to it, that tests hand around.
public final class Records {
    public static final Principal DEVICE = new Principal("default", "device-1");
    public static final long NOW = 1_800_000_000_000L;

    private Records() {}

    public static Observation.Builder observation(long seq) {
        return Observation.newBuilder()
                .setTenant(DEVICE.tenant())
                .setDevice(DEVICE.device())
                .setSpoolEpoch(77)
                .setSeq(seq)
                .setKind(ObservationKind.OBSERVATION_KIND_REQUEST)
                .setId(ByteString.copyFrom(new byte[16]))
                .setEventTimeMs(NOW)
                .setWorkload("intent")
                .addArms(Arm.newBuilder()
                        .setRole(Role.ROLE_CHAMPION)
                        .setLabel("balance")
                        .setConfidence(0.9));
    }

    public static Signed directive(String tenant, String workload, String rollout, long revision) {
        return signed(
                Signing.DIRECTIVE,
                Directive.newBuilder()
                        .setTenant(tenant)
                        .setWorkload(workload)
                        .setRollout(rollout)
                        .setRevision(revision)
                        .build()
                        .toByteString());
    }

    public static Signed lease(String tenant, String workload, String rollout, long revision, long issue) {
        return signed(
                Signing.LEASE,
                Lease.newBuilder()
                        .setTenant(tenant)
                        .setWorkload(workload)
                        .setRollout(rollout)
                        .setRevision(revision)
                        .setIssue(issue)
                        .build()
                        .toByteString());
    }

    static Signed signed(String domain, ByteString payload) {
        return Signed.newBuilder()
                .setDomain(domain)
                .setPayload(payload)
                .setKeyId("test")
                .build();
    }
}
