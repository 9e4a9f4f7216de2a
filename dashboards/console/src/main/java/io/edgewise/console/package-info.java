// SPDX-License-Identifier: Apache-2.0
/// What the web pages show, as pure functions of published view rows: page records and server-drawn SVG.
@NullMarked
package io.edgewise.console;

import org.jspecify.annotations.NullMarked;
