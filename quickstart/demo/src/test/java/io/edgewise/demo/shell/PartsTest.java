// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartsTest {
    @Test
    void findsTheProjectFromAFolderInsideIt() throws Exception {
        Home home = Home.find();

        assertThat(home.folder().resolve("models/models.json")).exists();
        assertThat(home.labels()).hasSize(151).contains("oos");
        assertThat(home.utterances())
                .hasSize(2_000)
                .allMatch(utterance -> !utterance.text().isBlank());
    }

    @Test
    void goesToTheNextPortWhenOneIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

            assertThat(Ports.firstFree(taken.getLocalPort())).isGreaterThan(taken.getLocalPort());
        }
    }

    @Test
    void opensABrowserOnlyWhereThereIsADesktop() {
        assertThat(Browser.command("Linux", Map.of())).isEmpty();
        assertThat(Browser.command("Linux", Map.of("DISPLAY", ":0"))).containsExactly("xdg-open");
        assertThat(Browser.command("Mac OS X", Map.of())).containsExactly("open");
    }

    @Test
    void closesInReverseOrderAndGoesOnWhenOnePartFails() {
        List<String> closed = new ArrayList<>();
        Shutdown shutdown = new Shutdown();
        AutoCloseable first = () -> closed.add("first");
        AutoCloseable broken = () -> {
            closed.add("broken");
            throw new IllegalStateException("cannot close");
        };
        AutoCloseable last = () -> closed.add("last");
        shutdown.add("first", first);
        shutdown.add("broken", broken);
        shutdown.add("last", last);

        shutdown.close();
        shutdown.close();

        assertThat(closed).containsExactly("last", "broken", "first");
    }

    @Test
    void readsTheSecretsThatTheServerMade(@TempDir Path folder) throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Files.writeString(folder.resolve("operator-token"), "token\n");
        Files.writeString(
                folder.resolve("signing.pub"),
                "-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(pair.getPublic().getEncoded())
                        + "\n-----END PUBLIC KEY-----\n");
        ServerKeys keys = new ServerKeys(folder);

        assertThat(keys.operatorToken()).isEqualTo("token");
        assertThat(keys.signingKey()).isEqualTo(pair.getPublic());
        Files.writeString(folder.resolve("signing.pub"), "nonsense");
        assertThatThrownBy(keys::signingKey).hasMessageContaining("not an Ed25519 public key");
    }

    @Test
    void waitsForEverySpoolAndDoesNotMistakeANewOneForAnOld() {
        SpoolAccounts.Lane lane = new SpoolAccounts.Lane("sim-0001", "observation", 7);
        SpoolAccounts.Lane renewed = new SpoolAccounts.Lane("sim-0001", "observation", 8);
        List<SpoolAccounts.Mark> marks = List.of(new SpoolAccounts.Mark(lane, 10));

        assertThat(SpoolAccounts.reach(Map.of(lane, 10L), marks)).isTrue();
        assertThat(SpoolAccounts.reach(Map.of(lane, 9L), marks)).isFalse();
        assertThat(SpoolAccounts.reach(Map.of(renewed, 99L), marks)).isFalse();
        assertThat(SpoolAccounts.reach(Map.of(), List.of(new SpoolAccounts.Mark(renewed, 0))))
                .isTrue();
    }

    @Test
    void noticesAStopBetweenSteps() throws Exception {
        StopRequest stop = new StopRequest();
        stop.check();
        stop.make();

        assertThat(stop.isMade()).isTrue();
        assertThatThrownBy(stop::check).isInstanceOf(StopRequest.Stopped.class);
    }
}
