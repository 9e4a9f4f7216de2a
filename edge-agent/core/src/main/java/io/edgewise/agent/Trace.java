// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import io.edgewise.agent.orders.Moment;

/// One request on its way: what was fixed before anything ran.
@SuppressWarnings("ArrayRecordComponent")
record Trace(byte[] id, Moment at, Route route, Situation situation) {}
