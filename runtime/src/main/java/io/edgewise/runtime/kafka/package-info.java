// SPDX-License-Identifier: Apache-2.0
/// Settings for plain Kafka clients.
@NullMarked
package io.edgewise.runtime.kafka;

import org.jspecify.annotations.NullMarked;
