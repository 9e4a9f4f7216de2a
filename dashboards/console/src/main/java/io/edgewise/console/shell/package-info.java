// SPDX-License-Identifier: Apache-2.0
/// Reads the published views, renders the templates, answers over HTTP.
@NullMarked
package io.edgewise.console.shell;

import org.jspecify.annotations.NullMarked;
