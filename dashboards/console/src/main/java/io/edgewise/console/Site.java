// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console;

/// What stands around every page. `notice` is shown across the top; empty for none. `version` marks the static files,
/// so that a new release is never shown with an old style.
public record Site(String tenant, String notice, String version) {}
