// SPDX-License-Identifier: Apache-2.0
package io.edgewise.embedded;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class RootUserTest {
    @Test
    void namesTheCauseAndTheWayOut() {
        assertThatThrownBy(() -> RootUser.check("false"))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("root", "unshare -U true", "ordinary user");
        assertThatCode(() -> RootUser.check("true")).doesNotThrowAnyException();
    }
}
