// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import io.quarkus.runtime.Quarkus;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends this process when its standard input ends: the launcher that holds the other side is gone.
final class ParentWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ParentWatch.class);
    private static final long CLEAN_STOP_SECONDS = 15;

    private ParentWatch() {}

    static void start() {
        Thread.ofPlatform().daemon().name("edgewise-parent-watch").start(ParentWatch::watch);
    }

    private static void watch() {
        waitForEnd(System.in);
        LOG.info("Standard input has ended: the launcher is gone, and this server stops.");
        Quarkus.asyncExit(0);
        try {
            // Nothing counts this down: the process ends before, or a clean stop hangs.
            if (!new CountDownLatch(1).await(CLEAN_STOP_SECONDS, TimeUnit.SECONDS)) {
                Runtime.getRuntime().halt(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void waitForEnd(InputStream in) {
        byte[] ignored = new byte[1024];
        try {
            int read = in.read(ignored);
            while (read >= 0) {
                read = in.read(ignored);
            }
        } catch (IOException e) {
            LOG.debug("Standard input cannot be read any more.", e);
        }
    }
}
