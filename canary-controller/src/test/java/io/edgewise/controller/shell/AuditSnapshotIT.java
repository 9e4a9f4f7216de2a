// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.controller.SigningKeys;
import io.edgewise.testkit.Platform;
import io.edgewise.testkit.PlatformExtension;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The audit of a system that goes on deciding.
@ExtendWith(PlatformExtension.class)
class AuditSnapshotIT {
    private static final int ACTS = 40;

    @Test
    void whatIsDecidedInTheMiddleOfAnAuditIsNoFault(Platform platform) throws Exception {
        StandIn standIn = new StandIn(platform);
        SigningKeys keys = StandIn.keys();
        InstantSource clock = InstantSource.system();
        RolloutDesk desk = new RolloutDesk(standIn.database(), keys, clock, StandIn.config(), new Looking());
        AuditDesk audit = new AuditDesk(standIn.database(), keys, clock, StandIn.config());
        String rollout = StandIn.start(desk, "busy", StandIn.PLAN);
        try (ExecutorService people = Executors.newSingleThreadExecutor()) {
            Future<Boolean> acting = people.submit(() -> {
                for (int i = 0; i < ACTS; i++) {
                    String act = i % 2 == 0 ? "pause" : "resume";
                    desk.act(rollout, "{\"act\":\"" + act + "\",\"who\":\"ana\",\"why\":\"busy\"}");
                }
                return true;
            });
            int audits = 0;
            while (!acting.isDone() || audits == 0) {
                assertThat(audit.verify().faults()).isEmpty();
                assertThat(desk.audit(rollout).intact()).isTrue();
                audits++;
            }
            assertThat(acting.get()).isTrue();
        }
        assertThat(desk.audit(rollout).decisions()).isGreaterThan(ACTS);
    }
}
