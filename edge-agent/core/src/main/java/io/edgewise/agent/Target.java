// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import io.edgewise.contracts.v1.Role;

/// Who is asked, and in which role.
record Target(Role role, Who who) {
    sealed interface Who {}

    record Build(String name) implements Who {}

    record Frontier(String name) implements Who {}
}
