// SPDX-License-Identifier: Apache-2.0
/// The command line: files, progress, exit codes.
@NullMarked
package io.edgewise.cli.shell;

import org.jspecify.annotations.NullMarked;
