// SPDX-License-Identifier: Apache-2.0
/// A real Kafka broker (KRaft) and a real PostgreSQL, started from the class path.
@NullMarked
package io.edgewise.embedded;

import org.jspecify.annotations.NullMarked;
