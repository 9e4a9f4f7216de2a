// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.console.LivePage;
import io.edgewise.console.RolloutData;
import io.edgewise.console.RolloutList;
import io.edgewise.console.Rows;
import io.edgewise.console.Sample;
import io.edgewise.console.Site;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ConsoleTemplatesTest {
    private static final String EVIL = "<script>alert('x')</script>";

    private final ConsoleTemplates templates = new ConsoleTemplates(new Site(EVIL, EVIL, "v1"));

    @Test
    void whateverPeopleNameThingsStaysText() {
        String html = page(evil());

        assertThat(html).contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;");
        assertThat(html.replace("<script src=\"/console/console.js?v=v1\" defer></script>", "")
                        .replace("<script src=\"/console/stop.js?v=v1\" defer></script>", ""))
                .doesNotContain("<script");
        assertThat(templates.problem(EVIL, EVIL, EVIL)).doesNotContain("<script");
    }

    @Test
    void nothingInlineNeedsToRun() {
        String html = page(Sample.data());

        assertThat(html).doesNotContain("style=").doesNotContain("<style").doesNotContainPattern("\\son[a-z]+=");
        assertThat(html).contains("<noscript><meta http-equiv=\"refresh\" content=\"5\"></noscript>");
    }

    @Test
    void aVerdictIsColourAndShapeAndWord() {
        String html = templates.live(Optional.of(LivePage.of(Sample.data(), Sample.NOW)));

        assertThat(html)
                .containsPattern("badge small tone-good\"><svg[^>]*aria-hidden=\"true\".*</svg>Safe</span>")
                .contains("</svg>Undecided</span>")
                .contains("</svg>No evidence</span>");
    }

    @Test
    void theFragmentIsPartOfThePage() {
        String fragment = templates.live(Optional.of(LivePage.of(Sample.data(), Sample.NOW)));

        assertThat(page(Sample.data())).contains(fragment.strip());
        assertThat(fragment).contains("data-part=\"hero\"").contains("data-part=\"account\"");
    }

    @Test
    void anEmptyConsoleSaysHowToBegin() {
        String html = templates.page(new ConsoleTemplates.Page(
                list(List.of(), ""), "/rollouts/list", Optional.empty(), "/rollouts/newest/live"));

        assertThat(html)
                .contains("No rollouts yet")
                .contains("./edgewise demo")
                .contains("/api/v1/rollouts")
                .contains("&quot;challenger&quot;");
    }

    @Test
    void aRolloutWithoutDataSaysWhatComesNext() {
        String html = templates.live(Optional.of(LivePage.of(Sample.empty(), Sample.NOW)));

        assertThat(html)
                .contains("No verdict yet")
                .contains("No minute has been counted yet")
                .contains("Nothing counted yet")
                .contains("No slice has been counted yet")
                .contains("No decision yet")
                .contains("No device has recorded anything yet");
    }

    @Test
    void partNamesAreUnique() {
        String html = templates.live(Optional.of(LivePage.of(Sample.data(), Sample.NOW)));
        List<String> parts = java.util.regex.Pattern.compile("data-part=\"([^\"]+)\"")
                .matcher(html)
                .results()
                .map(match -> match.group(1))
                .toList();

        assertThat(parts).doesNotHaveDuplicates().hasSizeGreaterThan(8);
    }

    private String page(RolloutData data) {
        return templates.page(new ConsoleTemplates.Page(
                list(List.of(data.rollout()), data.rollout().id()),
                "/rollouts/list",
                Optional.of(LivePage.of(data, Sample.NOW)),
                "/rollouts/x/live"));
    }

    private static RolloutList list(List<Rows.Rollout> rollouts, String chosen) {
        return RolloutList.of(rollouts, "all", chosen, 200, Sample.NOW);
    }

    private static RolloutData evil() {
        Rows.Rollout rollout = new Rows.Rollout(
                EVIL,
                Sample.ID,
                EVIL,
                EVIL,
                EVIL,
                EVIL,
                0,
                EVIL,
                0,
                1,
                List.of(new Rows.PlanStage(EVIL, 0, java.time.Duration.ZERO)),
                Sample.START,
                Sample.START,
                Sample.NOW,
                Optional.empty(),
                EVIL);
        Rows.Verdict verdict = new Rows.Verdict(
                EVIL,
                EVIL,
                EVIL,
                EVIL,
                OptionalDouble.of(1),
                OptionalDouble.of(0),
                OptionalDouble.of(2),
                OptionalDouble.of(1),
                1,
                1,
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                EVIL,
                Sample.NOW);
        return new RolloutData(
                rollout,
                Sample.evidence(),
                List.of(new Rows.Evidence(
                        0, 1, false, EVIL, Sample.evidence().getFirst().tally())),
                false,
                Sample.windows(),
                List.of(verdict),
                List.of(new Rows.Decision(1, Sample.NOW, EVIL, EVIL, 0, 0, EVIL, EVIL)),
                List.of(new Rows.Score(
                        EVIL,
                        1,
                        1,
                        1,
                        OptionalDouble.of(1),
                        OptionalDouble.of(1),
                        EVIL,
                        EVIL,
                        OptionalLong.of(1),
                        new Rows.Shape(OptionalDouble.of(1), OptionalDouble.of(1), OptionalDouble.of(1)),
                        new Rows.Missing(OptionalDouble.of(1), OptionalDouble.of(1), OptionalDouble.of(1)))),
                List.of(new Rows.Finding(EVIL, EVIL, EVIL, 1, OptionalLong.empty(), EVIL)),
                new RolloutData.Books(
                        List.of(new Rows.Account(EVIL, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0)),
                        List.of(new Rows.Counter("dead_letter." + EVIL, 1))),
                List.of(EVIL));
    }
}
