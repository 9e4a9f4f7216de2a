// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import io.edgewise.contracts.v1.Orders;
import java.io.IOException;
import java.time.Duration;

/// Where a device asks what to do. Blocks until there is something newer than the cursor, or for the given time;
/// then it answers without orders and with the same cursor.
@FunctionalInterface
public interface OrdersSource {
    Orders poll(String workload, long cursor, Duration wait) throws IOException;
}
