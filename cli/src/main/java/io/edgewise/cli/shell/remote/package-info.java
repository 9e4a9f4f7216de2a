// SPDX-License-Identifier: Apache-2.0
/// What a server's answers look like to people.
@NullMarked
package io.edgewise.cli.shell.remote;

import org.jspecify.annotations.NullMarked;
