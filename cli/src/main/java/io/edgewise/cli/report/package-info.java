// SPDX-License-Identifier: Apache-2.0
/// Reports as text, JSON and HTML.
@NullMarked
package io.edgewise.cli.report;

import org.jspecify.annotations.NullMarked;
