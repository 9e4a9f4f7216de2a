// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.runtime.role.LoopThread;

/// Listens and looks, for ever.
final class DecideLoop implements LoopThread.Loop {
    private final Notifications notifications;
    private final Deciding deciding;
    private final Runnable ordersWaiting;
    private final int pollMillis;

    DecideLoop(Notifications notifications, Deciding deciding, Runnable ordersWaiting, int pollMillis) {
        this.notifications = notifications;
        this.deciding = deciding;
        this.ordersWaiting = ordersWaiting;
        this.pollMillis = pollMillis;
    }

    @Override
    public void poll() throws Exception {
        if (deciding.round(notifications.await(pollMillis))) {
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
