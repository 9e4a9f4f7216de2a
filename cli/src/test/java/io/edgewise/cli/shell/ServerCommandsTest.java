// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What `rollout`, `plan`, `stop-all`, `audit` and `replay` ask a server, what they print, and how they end.
class ServerCommandsTest {
    private static final String ROLLOUT = """
            {"rollout":"R1","workload":"voice","challenger":"int4","phase":"canary","stageName":"1 %","shareBp":100,\
            "revision":3,"outcome":null,"outlook":"Waits, before \\"10 %\\", for 40 more canary requests.",\
            "devices":{"known":61,"unconfirmed":2},\
            "verdicts":[{"guardrail":"agreement","verdict":"SAFE","sentence":"Agreement 93 %."}],\
            "decisions":[{"at":"2026-11-21T08:00:00Z","kind":"promoted","sentence":"Promoted to \\"1 %\\"."}]}""";

    @RegisterExtension
    private final StandInServer server = new StandInServer();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"start", "approve", "pause", "resume", "promote", "rollback", "abort"})
    void anActGoesToItsRolloutWithWhoAndWhyAndAKeyOfItsOwn(String act) {
        server.on("POST /api/v1/rollouts/R1/acts", 200, ROLLOUT);

        Run first = server.run("rollout", act, "R1", "--who", "ana", "--why", "because of \"x\"");
        Run second = server.run("rollout", act, "R1", "--who", "ana", "--why", "because of \"x\"");

        assertThat(first.code()).as(first.err()).isZero();
        assertThat(first.out()).startsWith("R1  voice: int4 is canary in \"1 %\" at 1.00 %, revision 3\n");
        assertThat(second.out()).isEqualTo(first.out());
        assertThat(server.lines())
                .hasSize(2)
                .containsOnly("POST /api/v1/rollouts/R1/acts {\"act\":\"" + act
                        + "\",\"who\":\"ana\",\"why\":\"because of \\\"x\\\"\"}");
        assertThat(server.asked()).allSatisfy(each -> {
            assertThat(each.authorization()).isEqualTo("Bearer " + StandInServer.TOKEN);
            assertThat(each.type()).isEqualTo("application/json");
            assertThat(UUID.fromString(each.key())).isNotNull();
        });
        assertThat(server.asked().stream().map(StandInServer.Asked::key)).doesNotHaveDuplicates();
        assertThat(server.run("rollout", act, "R1").err()).contains("--why");
        assertThat(server.run("rollout", act, "R1").code()).isEqualTo(2);
    }

    @Test
    void aRolloutIsCreatedFromAPlanInYamlATemplateAndAChampionOfEitherKind() throws IOException {
        server.on("POST /api/v1/rollouts", 201, ROLLOUT);
        Path plan = Files.writeString(folder.resolve("plan.yaml"), "# mine\nsafeMode: true\nstages:\n- {shareBp: 0}\n");

        Run frontier = server.run(
                "rollout",
                "create",
                "--workload",
                "voice",
                "--champion",
                "cloud",
                "--challenger",
                "int4",
                "--plan",
                plan.toString(),
                "--template",
                "quick",
                "--draft");
        Run build = server.run(
                "rollout", "create", "--workload", "voice", "--champion", "build:int8", "--challenger", "int4");

        assertThat(frontier.code()).as(frontier.err()).isZero();
        assertThat(build.out()).startsWith("R1  voice: int4 is canary");
        assertThat(server.lines())
                .containsExactly(
                        "POST /api/v1/rollouts {\"workload\":\"voice\",\"challenger\":\"int4\",\"draft\":true,"
                                + "\"champion\":{\"frontier\":\"cloud\"},\"plan\":{\"safeMode\":true,"
                                + "\"stages\":[{\"shareBp\":0}],\"template\":\"quick\"}}",
                        "POST /api/v1/rollouts {\"workload\":\"voice\",\"challenger\":\"int4\",\"draft\":false,"
                                + "\"champion\":{\"build\":\"int8\"},\"plan\":{}}");
    }

    @Test
    void aPlanThatIsNoneIsRefusedBeforeAnybodyIsAsked() throws IOException {
        Path list = Files.writeString(folder.resolve("list.yaml"), "- 1\n");
        Path broken = Files.writeString(folder.resolve("broken.yaml"), "stages: [\n");
        for (Path file : List.of(list, broken, folder.resolve("none.yaml"))) {
            Run run = server.run("plan", "check", file.toString(), "--rate", "10", "--devices", "5");

            assertThat(run.code()).isEqualTo(2);
            assertThat(run.err()).contains(file.toString());
        }
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void listAndShowSayWhereRolloutsStandAndJsonIsTheAnswerAsItIs() throws IOException {
        server.on("GET /api/v1/rollouts", 200, "[" + ROLLOUT + "]").on("GET /api/v1/rollouts/R1", 200, ROLLOUT);

        assertThat(server.run("rollout", "list").out().lines().map(line -> line.replaceAll(" +", " ")))
                .containsExactly("ROLLOUT WORKLOAD BUILD STATE SHARE", "R1 voice int4 canary 1.00%");
        assertThat(server.run("rollout", "show", "R1").out()).isEqualTo("""
                R1  voice: int4 is canary in "1 %" at 1.00 %, revision 3
                  Waits, before "10 %", for 40 more canary requests.
                  devices seen: 61, not confirmed: 2
                  SAFE         Agreement 93 %.
                2026-11-21T08:00:00Z  promoted    Promoted to "1 %".
                """);
        assertThat(server.run("rollout", "show", "R1", "--json").json()).isEqualTo(Asking.MAPPER.readTree(ROLLOUT));
        assertThat(server.run("rollout", "list", "--json").json().path(0)).isEqualTo(Asking.MAPPER.readTree(ROLLOUT));
        assertThat(server.lines()).contains("GET /api/v1/rollouts", "GET /api/v1/rollouts/R1");
    }

    @Test
    void anOfflineSetsResultAndARetryAreTold() {
        server.on("POST /api/v1/rollouts/R1/validation", 200, ROLLOUT)
                .on("POST /api/v1/rollouts/R1/retry", 200, ROLLOUT);

        assertThat(server.run("rollout", "validated", "R1", "--examples", "240", "--agreed", "228")
                        .code())
                .isZero();
        assertThat(server.run("rollout", "retry", "R1").out()).startsWith("R1  voice");
        assertThat(server.lines())
                .containsExactly(
                        "POST /api/v1/rollouts/R1/validation {\"examples\":240,\"agreed\":228,\"why\":\"offline set\"}",
                        "POST /api/v1/rollouts/R1/retry {}");
        assertThat(server.asked()).allSatisfy(each -> assertThat(each.key()).isNotBlank());
    }

    @Test
    void aPlanIsCheckedAgainstTrafficAndARefusalIsExitCodeOne() throws IOException {
        Path plan = Files.writeString(folder.resolve("plan.json"), "{\"template\": \"quick\"}");
        server.on("POST /api/v1/plans/check", 200, """
                {"verdict":"WARN","findings":[{"level":"WARN","path":"stages[1].gates.agreement",\
                "sentence":"9 of 10 need 2 h."}],"refused":[]}""");

        Run warned = server.run(
                "plan",
                "check",
                plan.toString(),
                "--rate",
                "12.5",
                "--devices",
                "500",
                "--units",
                "4",
                "--truth",
                "0.1",
                "--expect",
                "agreement=0.93",
                "--workload",
                "voice");

        assertThat(warned.code()).isZero();
        assertThat(warned.out()).isEqualTo("WARN\n  WARN    stages[1].gates.agreement: 9 of 10 need 2 h.\n");
        assertThat(server.lines())
                .containsExactly("POST /api/v1/plans/check {\"plan\":{\"template\":\"quick\"},\"workload\":\"voice\","
                        + "\"traffic\":{\"requestsPerSecond\":12.5,\"devices\":500,\"unitsPerDevice\":4.0,"
                        + "\"truthShare\":0.1,\"expected\":{\"agreement\":0.93}}}");
        server.on("POST /api/v1/plans/check", 200, """
                {"verdict":"REFUSE","findings":[],"refused":["guardrails[0] \\"agreement\\" needs the frontier"]}""");
        Run refused = server.run("plan", "check", "--rate", "1", "--devices", "5");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.out()).isEqualTo("REFUSE\n  REFUSE  guardrails[0] \"agreement\" needs the frontier\n");
    }

    @Test
    void schemaAndTemplatesArePrintedAndAPlanIsKept() throws IOException {
        Path plan = Files.writeString(folder.resolve("plan.yaml"), "safeMode: true\n");
        server.on("GET /api/v1/plans/schema", 200, "{\"type\": \"object\"}\n")
                .on("GET /api/v1/plans/templates", 200, "[{\"name\":\"quick\",\"version\":1}]")
                .on("PUT /api/v1/plans/templates/mine", 200, "{\"name\":\"mine\",\"version\":2}");

        assertThat(server.run("plan", "schema").out()).isEqualTo("{\"type\": \"object\"}\n");
        assertThat(server.run("plan", "templates").out()).isEqualTo("quick  version 1\n");
        assertThat(server.run("plan", "save", "mine", plan.toString()).out()).isEqualTo("mine version 2\n");
        assertThat(server.lines().getLast()).isEqualTo("PUT /api/v1/plans/templates/mine {\"safeMode\":true}");
    }

    @Test
    void theKillSwitchNamesWhatItBroughtBackAndWhatIsPending() {
        server.on("POST /api/v1/stops", 200, """
                {"stopped":[{"workload":"voice","rollout":"R1","revision":6,"sentence":"Rolled back."}],\
                "pending":["R2"]}""")
                .on("DELETE /api/v1/stops?workload=voice+a", 204, "")
                .on("DELETE /api/v1/stops?workload=", 204, "");

        Run all = server.run("stop-all", "--why", "smoke", "--who", "ana");
        Run one = server.run("stop-all", "--workload", "voice a", "--why", "smoke", "--who", "ana");

        assertThat(all.code()).as("one is not back yet").isEqualTo(1);
        assertThat(all.out()).isEqualTo("""
                voice  revision 6  Rolled back.
                pending: R2 (the next look stops it)
                1 rollouts brought back; the stop holds until it is lifted.
                """);
        assertThat(one.code()).isEqualTo(1);
        assertThat(server.run("stop-all", "--lift").out()).contains("The stop is lifted");
        assertThat(server.run("stop-all", "--lift", "--workload", "voice a").code())
                .isZero();
        assertThat(server.lines())
                .containsExactly(
                        "POST /api/v1/stops {\"who\":\"ana\",\"why\":\"smoke\"}",
                        "POST /api/v1/stops {\"workload\":\"voice a\",\"who\":\"ana\",\"why\":\"smoke\"}",
                        "DELETE /api/v1/stops?workload=",
                        "DELETE /api/v1/stops?workload=voice+a");
        Run silent = server.run("stop-all");
        assertThat(silent.code()).isEqualTo(2);
        assertThat(silent.err()).contains("--why says why");
        assertThat(server.asked()).hasSize(4);
        server.on("POST /api/v1/stops", 200, "{\"stopped\":[],\"pending\":[]}");
        assertThat(server.run("stop-all", "--why", "smoke").code()).isZero();
    }

    @Test
    void theServersOwnAuditIsPrintedAndAFaultIsExitCodeOne() throws IOException {
        server.on("GET /api/v1/audit", 200, "{\"chains\":2,\"faults\":[]}")
                .on("GET /api/v1/audit/export", 200, "{\"type\":\"entry\"}\n")
                .on("POST /api/v1/audit/checkpoints", 200, "{\"written\":true,\"number\":7}");
        assertThat(server.run("audit", "verify").code()).isZero();

        server.on("GET /api/v1/audit", 200, """
                {"chains":2,"faults":[{"chain":"R1","number":3,"what":"the chain breaks here"}]}""");
        Run bad = server.run("audit", "verify");

        assertThat(bad.code()).isEqualTo(1);
        assertThat(bad.out()).contains("\"chain\" : \"R1\"", "\"number\" : 3", "the chain breaks here");
        Path out = folder.resolve("log.jsonl");
        assertThat(server.run("audit", "export", "--out", out.toString()).code())
                .isZero();
        assertThat(Files.readString(out)).isEqualTo("{\"type\":\"entry\"}\n");
        assertThat(server.run("audit", "checkpoint").out()).contains("\"number\" : 7");
    }

    @Test
    void aReplayThatDiffersIsExitCodeOneAndAnotherPlanIsAsked() throws IOException {
        server.on("GET /api/v1/rollouts/R1/replay", 200, """
                {"same":true,"blocks":1200,"decisions":9,"withoutEvidence":2,"differences":[]}""");
        Run same = server.run("replay", "R1");
        assertThat(same.code()).isZero();
        assertThat(same.out()).isEqualTo("7 decisions on 1,200 evidence blocks: the same to the byte\n");

        server.on("GET /api/v1/rollouts/R1/replay", 200, """
                {"same":false,"blocks":12,"decisions":9,"withoutEvidence":0,"differences":[{"decision":4,\
                "path":"guardrails.agreement.e","was":"7","is":null}]}""");
        Run differs = server.run("replay", "R1");
        assertThat(differs.code()).isEqualTo(1);
        assertThat(differs.out())
                .contains("not what was written", "decision 4, guardrails.agreement.e: written 7, computed nothing");

        Path plan = Files.writeString(folder.resolve("other.yaml"), "alphaRollback: 0.001\n");
        server.on("POST /api/v1/rollouts/R1/replay", 200, """
                {"planHash":"ab","blocks":12,"changes":[{"block":3,"at":"08:00","guardrail":"agreement",\
                "was":"UNDECIDED","is":"BREACH","sentence":"Agreement 70 %."}]}""");
        Run other = server.run("replay", "R1", "--plan", plan.toString());
        assertThat(other.code()).isZero();
        assertThat(other.out())
                .isEqualTo("08:00  block 3  agreement: UNDECIDED -> BREACH  Agreement 70 %.\n12 evidence blocks\n");
        assertThat(server.lines().getLast())
                .isEqualTo("POST /api/v1/rollouts/R1/replay {\"plan\":{\"alphaRollback\":0.001}}");
    }

    @Test
    void aProblemIsToldInTheServersWordsAndExitCodeTwo() {
        server.on(
                "POST /api/v1/rollouts/R1/acts",
                409,
                "{\"title\":\"a stop holds\",\"detail\":\"ana stopped everything; an admin lifts it\",\"status\":409}");
        Run refused = server.run("rollout", "resume", "R1", "--why", "x");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err())
                .isEqualTo("edgewise resume: the server says 409, a stop holds: ana stopped everything; an admin lifts"
                        + " it\n");

        server.on("GET /api/v1/rollouts", 502, "<html>bad gateway</html>");
        assertThat(server.run("rollout", "list").err()).contains("the server says 502, <html>bad gateway</html>");
        server.on("GET /api/v1/rollouts", 502, "");
        assertThat(server.run("rollout", "list").err()).contains("the server says 502, no further word");
        server.on("GET /api/v1/rollouts", 500, "{\"error\":\"of another kind\"}");
        assertThat(server.run("rollout", "list").err())
                .contains("the server says 500, {\"error\":\"of another kind\"}");
        server.on("GET /api/v1/rollouts", 200, "{\"cut off");
        assertThat(server.run("rollout", "list").err()).contains("the server's answer is not JSON");
    }

    @Test
    void aServerThatIsAwayAndAnAddressThatIsNoneAreTold() {
        Run none = Run.of(
                "rollout",
                "list",
                "--server",
                "http://a b",
                "--token-file",
                server.token().toString());
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.err()).contains("is no address; write http://host:port");

        server.stop();
        Run away = server.run("rollout", "list");
        assertThat(away.code()).isEqualTo(2);
        assertThat(away.err()).contains("does not answer", "is the server running?");
    }
}
