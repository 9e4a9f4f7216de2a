// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.runtime.role.LoopThread;

/// Listens and looks, for ever.
final class DecideLoop implements LoopThread.Loop {
    private final Notifications notifications;
    private final Deciding deciding;
    private final Runnable ordersWaiting;
    private final int pollMillis;
    private final int restMillis;

    DecideLoop(Notifications notifications, Deciding deciding, Runnable ordersWaiting, int pollMillis, int restMillis) {
        this.notifications = notifications;
        this.deciding = deciding;
        this.ordersWaiting = ordersWaiting;
        this.pollMillis = pollMillis;
        this.restMillis = restMillis;
    }

    @Override
    public void poll() throws Exception {
        int millis = switch (deciding.left()) {
            case NOTHING -> pollMillis;
            case RESTING -> Math.min(pollMillis, restMillis);
            case DUE -> 0;
        };
        if (deciding.round(notifications.await(millis))) {
            ordersWaiting.run();
        }
    }

    @Override
    public void recover() {
        notifications.close();
    }

    @Override
    public void close() {
        notifications.close();
    }
}
