// SPDX-License-Identifier: Apache-2.0
/// The roads to and from the server: Kafka and HTTPS.
@NullMarked
package io.edgewise.agent.shell;

import org.jspecify.annotations.NullMarked;
