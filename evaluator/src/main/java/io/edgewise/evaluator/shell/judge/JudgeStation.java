// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell.judge;

import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.evaluator.Retention;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.kafka.KafkaSettings;
import io.edgewise.runtime.role.LoopThread;
import io.edgewise.runtime.role.Role.Health;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/// The evaluator's part that judges: verdicts are always sent; a judge model is asked where one is configured.
@ApplicationScoped
public class JudgeStation {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Database database;
    private final KafkaSettings kafka;
    private final DeviceSecrets secrets;
    private final InstantSource clock;
    private final JudgeConfig config;
    private final MeterRegistry meters;

    private volatile @Nullable Running running;

    private record Asking(JudgeLoop loop, LoopThread thread, JudgeMetrics metrics) {}

    private record Running(LoopThread outbox, Optional<Asking> asking) {}

    @Inject
    public JudgeStation(
            Database database,
            KafkaSettings kafka,
            DeviceSecrets secrets,
            InstantSource clock,
            JudgeConfig config,
            MeterRegistry meters) {
        this.database = database;
        this.kafka = kafka;
        this.secrets = secrets;
        this.clock = clock;
        this.config = config;
        this.meters = meters;
    }

    /// Throws where the configuration does not fit.
    public synchronized void start(boolean keepText, Retention retention) {
        if (running != null) {
            return;
        }
        Optional<JudgeSettings> settings = JudgeSettings.of(config, keepText);
        LoopThread outbox = new LoopThread("verdicts", new VerdictOutbox(database, kafka, clock, retention)).start();
        running = new Running(outbox, settings.map(this::ask));
    }

    private Asking ask(JudgeSettings settings) {
        JudgeLoop loop = new JudgeLoop(database, settings, secrets, clock, new SecureRandom(), (SSLSocketFactory)
                SSLSocketFactory.getDefault());
        return new Asking(loop, new LoopThread("judge", loop).start(), new JudgeMetrics(meters, loop.stats()));
    }

    public synchronized void stop() {
        Running now = running;
        if (now != null) {
            running = null;
            now.asking().ifPresent(asking -> {
                asking.thread().stop(PATIENCE);
                asking.metrics().close();
            });
            now.outbox().stop(PATIENCE);
        }
    }

    /// Down only when one of its threads has ended. A judge that cannot be asked stops nothing else: `detail` says so,
    /// and is empty when all is well.
    public Health health() {
        Running now = running;
        if (now == null) {
            return new Health(true, "");
        }
        boolean isAlive = now.outbox().isAlive()
                && now.asking().map(asking -> asking.thread().isAlive()).orElse(true);
        if (!isAlive) {
            return new Health(false, "a thread of judging has ended; restart the process and read its log");
        }
        String unsent = now.outbox().trouble();
        return new Health(
                true,
                (unsent.isEmpty() ? "" : "; verdicts cannot be sent at the moment: " + unsent)
                        + now.asking().map(JudgeStation::detail).orElse(""));
    }

    private static String detail(Asking asking) {
        String trouble = asking.thread().trouble();
        return asking.loop().stats().sentence() + (trouble.isEmpty() ? "" : "; the judge loop fails: " + trouble);
    }
}
