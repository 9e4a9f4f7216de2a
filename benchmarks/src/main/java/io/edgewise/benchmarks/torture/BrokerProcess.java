// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.torture;

import io.edgewise.embedded.EmbeddedKafka;
import java.nio.file.Path;

/// A broker in a process of its own, so that it can be killed. It ends when whoever started it does.
public final class BrokerProcess {
    private BrokerProcess() {}

    public static void main(String[] arguments) throws Exception {
        try (EmbeddedKafka broker = EmbeddedKafka.start(Path.of(arguments[0]), Integer.parseInt(arguments[1]))) {
            System.out.println("broker on " + broker.bootstrapServers());
            while (System.in.read() >= 0) {
                // Only its end says something.
            }
        }
        System.exit(0);
    }
}
