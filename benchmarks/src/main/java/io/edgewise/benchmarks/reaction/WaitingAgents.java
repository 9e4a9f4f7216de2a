// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.reaction;

import com.google.protobuf.InvalidProtocolBufferException;
import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.contracts.Signing;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.Orders;
import io.edgewise.contracts.v1.Signed;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Agents as the server sees them: each holds a request open that is answered when there are new orders, checks their
/// signatures, and takes the highest revision. Devices check on processors of their own, all at once; a thousand checks
/// on
/// this machine would wait for each other, so that each order's is made once and the others wait for it.
final class WaitingAgents implements AutoCloseable {
    private static final int WAIT_SECONDS = 30;
    private static final Duration GIVE_UP = Duration.ofSeconds(WAIT_SECONDS + 10);
    private static final int OK = 200;
    private static final long AGAIN_MS = 200;
    private static final long LOOK_EVERY_MS = 2;

    private final String server;
    private final PublicKey key;
    private final String workload;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
    private final List<Agent> agents = new ArrayList<>();
    private final Map<Signed, Boolean> checked = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable String> trouble = new AtomicReference<>();
    private volatile boolean isOver;

    WaitingAgents(String server, DeviceSecrets secrets, PublicKey key, String workload, int count) {
        this.server = server;
        this.key = key;
        this.workload = workload;
        for (int number = 0; number < count; number++) {
            Agent agent = new Agent(secrets.token("default", "agent-" + number));
            agents.add(agent);
            var _ = Thread.ofVirtual().name("agent").start(agent);
        }
    }

    /// What one of them obeys.
    ///
    /// @param atNanos when it began to
    private record Obeyed(Directive directive, long atNanos) {}

    private final class Agent implements Runnable {
        private final String token;
        private volatile @Nullable Obeyed obeyed;

        Agent(String token) {
            this.token = token;
        }

        @Override
        public void run() {
            long cursor = 0;
            while (!isOver) {
                try {
                    Orders orders = ask(cursor);
                    cursor = orders.getCursor();
                    take(orders);
                } catch (IOException e) {
                    trouble.compareAndSet(null, String.valueOf(e));
                    rest();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }

        private void rest() {
            try {
                Thread.sleep(AGAIN_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private Orders ask(long cursor) throws IOException, InterruptedException {
            HttpResponse<byte[]> answer = http.send(
                    HttpRequest.newBuilder(URI.create(server + "/ingest/v1/orders?workload=" + workload + "&cursor="
                                    + cursor + "&wait=" + WAIT_SECONDS))
                            .header("Authorization", "Bearer " + token)
                            .timeout(GIVE_UP)
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() != OK) {
                throw new IOException("the server answered " + answer.statusCode());
            }
            return Orders.parseFrom(answer.body());
        }

        private void take(Orders orders) throws InvalidProtocolBufferException {
            for (Signed signed : orders.getSignedList()) {
                if (!checked.computeIfAbsent(signed, order -> Signing.verify(order, key))) {
                    throw new IllegalStateException("an order is not signed with the server's key");
                }
                if (!signed.getDomain().equals(Signing.DIRECTIVE)) {
                    continue;
                }
                Directive directive = Directive.parseFrom(signed.getPayload());
                Obeyed now = obeyed;
                if (now == null || directive.getRevision() > now.directive().getRevision()) {
                    obeyed = new Obeyed(directive, System.nanoTime());
                }
            }
        }
    }

    /// Waits until all obey this mode of the rollout; then when each began to.
    List<Long> await(String rollout, Directive.Mode mode, Duration patience) throws InterruptedException {
        long until = System.nanoTime() + patience.toNanos();
        while (true) {
            List<Long> at = new ArrayList<>();
            for (Agent agent : agents) {
                Obeyed now = agent.obeyed;
                if (now != null
                        && now.directive().getRollout().equals(rollout)
                        && now.directive().getMode() == mode) {
                    at.add(now.atNanos());
                }
            }
            if (at.size() == agents.size()) {
                return at;
            }
            if (System.nanoTime() > until) {
                throw new IllegalStateException(at.size() + " of " + agents.size() + " agents obey " + mode + " after "
                        + patience + "; trouble: " + trouble.get());
            }
            Thread.sleep(LOOK_EVERY_MS);
        }
    }

    @Override
    public void close() {
        isOver = true;
        http.shutdownNow();
    }
}
