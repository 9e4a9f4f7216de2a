// SPDX-License-Identifier: Apache-2.0
/// A device's agent: serves a request, pairs it, records it, obeys signed orders.
@NullMarked
package io.edgewise.agent;

import org.jspecify.annotations.NullMarked;
