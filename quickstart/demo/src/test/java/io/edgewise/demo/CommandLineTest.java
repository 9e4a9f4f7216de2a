// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class CommandLineTest {
    @Test
    void showsThePromotionOnSixtyFourDevicesWhenNothingIsSaid() {
        DemoOptions options = run();

        assertThat(options.scenario()).isEqualTo(Scenario.PROMOTE);
        assertThat(options.devices()).isEqualTo(64);
        assertThat(options.rate()).isEqualTo(300);
        assertThat(options.port()).isEqualTo(8080);
        assertThat(options.data()).isEqualTo(Path.of(".edgewise", "demo"));
        assertThat(options.browser()).isTrue();
        assertThat(options.headless() || options.ephemeral()).isFalse();
    }

    @Test
    void takesValuesAfterASpaceOrAnEqualsSign() {
        DemoOptions options = run(
                "--scenario=bad-quantization",
                "--devices",
                "40",
                "--speed=2.5",
                "--temperature",
                "0",
                "--port=9000",
                "--data",
                "there",
                "--headless",
                "--no-browser");

        assertThat(options)
                .isEqualTo(new DemoOptions(
                        Scenario.BAD_QUANTIZATION, 40, 2.5, 0, 9_000, Path.of("there"), true, false, false));
        assertThat(options.rate()).isEqualTo(750);
    }

    @Test
    void namesEveryFaultAtOnceAndSaysWhatIsAllowed() {
        assertThat(faults("--scenario", "nice", "--devices", "0", "--speed", "fast", "--port", "70000", "--turbo"))
                .containsExactly(
                        "--scenario \"nice\" is unknown; there are promote, bad-quantization",
                        "--devices \"0\" must be a whole number from 1 to 1000",
                        "--speed \"fast\" must be a number from 0.1 to 10",
                        "--port \"70000\" must be a whole number from 1 to 65535",
                        "unknown option \"--turbo\"");
    }

    @Test
    void refusesNumbersThatAreNone() {
        assertThat(faults("--speed", "NaN")).hasSize(1);
        assertThat(faults("--temperature", "-0.1")).hasSize(1);
        assertThat(faults("--devices", "1e2")).hasSize(1);
    }

    @Test
    void refusesAMissingValueAndAValueWhereNoneBelongs() {
        assertThat(faults("--devices", "--headless")).containsExactly("--devices needs a value");
        assertThat(faults("--data")).containsExactly("--data needs a value");
        assertThat(faults("--headless=yes")).containsExactly("--headless takes no value, but got \"yes\"");
        assertThat(faults("promote")).containsExactly("unknown option \"promote\"");
    }

    @Test
    void refusesAFolderForAnEphemeralDemo() {
        assertThat(faults("--ephemeral", "--data", "x"))
                .singleElement()
                .asString()
                .contains("--ephemeral");
    }

    @Test
    void helpWinsOverEverythingElse() {
        assertThat(CommandLine.parse(List.of("--turbo", "--help"))).isEqualTo(new CommandLine.Parsed.Help());
        assertThat(CommandLine.HELP).contains("--scenario", "--devices", "--speed", "--headless", "--ephemeral");
    }

    private static DemoOptions run(String... arguments) {
        return assertThat(CommandLine.parse(List.of(arguments)))
                .asInstanceOf(InstanceOfAssertFactories.type(CommandLine.Parsed.Run.class))
                .actual()
                .options();
    }

    private static List<String> faults(String... arguments) {
        return assertThat(CommandLine.parse(List.of(arguments)))
                .asInstanceOf(InstanceOfAssertFactories.type(CommandLine.Parsed.Bad.class))
                .actual()
                .faults();
    }
}
