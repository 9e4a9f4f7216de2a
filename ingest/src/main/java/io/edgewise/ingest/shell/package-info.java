// SPDX-License-Identifier: Apache-2.0
/// The gateway's HTTP resources and its road to Kafka.
@NullMarked
package io.edgewise.ingest.shell;

import org.jspecify.annotations.NullMarked;
