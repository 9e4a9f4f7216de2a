// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import io.edgewise.agent.orders.Order;
import io.edgewise.agent.orders.Standing;
import io.edgewise.contracts.Signing;
import io.edgewise.contracts.Workload;
import io.edgewise.contracts.v1.DeviceContext;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.Lease;
import io.edgewise.contracts.v1.ModelRef;
import io.edgewise.contracts.v1.Signed;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A small world: one workload with three labels, a build, a frontier, orders and their key.
public final class Fixture {
    public static final long NOW = 1_790_000_000_000L;
    public static final String ROLLOUT = "01K9ZZZZZZZZZZZZZZZZZZZZZZ";
    public static final KeyPair KEYS = keys();
    public static final Workload WORKLOAD = new Workload(
            "intents",
            1,
            Workload.Kind.CLASSIFICATION,
            List.of("yes", "no", "oos"),
            Set.of("oos"),
            "same-label/1",
            "USD",
            "demo-1",
            Map.of("edge", 10L, "cloud", 400_000L));

    private Fixture() {}

    public static KeyPair keys() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    public static AgentSettings settings(Path folder) {
        return settings(folder, "device-1", 16);
    }

    public static AgentSettings settings(Path folder, String device, int mirrorQueue) {
        return settings(folder, device, mirrorQueue, Policies.DEFAULT);
    }

    public static AgentSettings settings(Path folder, Policies policies) {
        return settings(folder, "device-1", 16, policies);
    }

    private static AgentSettings settings(Path folder, String device, int mirrorQueue, Policies policies) {
        return new AgentSettings(
                "default",
                device,
                "token",
                new byte[] {1, 2, 3},
                folder,
                WORKLOAD,
                DeviceContext.newBuilder().setDeviceClass("kiosk").build(),
                Map.of("locale", "en"),
                "cloud",
                mirrorQueue,
                policies);
    }

    public static Directive.Builder directive(Directive.Mode mode, long revision) {
        return Directive.newBuilder()
                .setTenant("default")
                .setWorkload("intents")
                .setRollout(ROLLOUT)
                .setRevision(revision)
                .setIssuedAtMs(NOW)
                .setMode(mode)
                .setSalt("salt")
                .setChampion(ModelRef.newBuilder().setFrontier("cloud"))
                .setChallenger(ModelRef.newBuilder().setBuild("edge-1"))
                .setPairingCanaryBp(10_000)
                .setPairingControlBp(10_000);
    }

    public static Lease.Builder lease(long revision, long issue) {
        return Lease.newBuilder()
                .setTenant("default")
                .setWorkload("intents")
                .setRollout(ROLLOUT)
                .setRevision(revision)
                .setIssue(issue)
                .setIssuedAtMs(NOW)
                .setNotAfterMs(NOW + 900_000);
    }

    public static Signed sign(Directive.Builder directive) {
        return Signing.sign(Signing.DIRECTIVE, directive.build().toByteArray(), "k1", KEYS.getPrivate());
    }

    public static Signed sign(Lease.Builder lease) {
        return Signing.sign(Signing.LEASE, lease.build().toByteArray(), "k1", KEYS.getPrivate());
    }

    static Standing standing(Directive.Builder directive) {
        return new Standing(
                Optional.of(new Order<>(sign(directive), directive.build())),
                Optional.empty(),
                Optional.empty(),
                NOW,
                0);
    }

    static Standing leased(Directive.Builder directive, Lease.Builder lease) {
        return new Standing(
                Optional.of(new Order<>(sign(directive), directive.build())),
                Optional.empty(),
                Optional.of(new Order<>(sign(lease), lease.build())),
                NOW,
                900_000_000_000L);
    }
}
