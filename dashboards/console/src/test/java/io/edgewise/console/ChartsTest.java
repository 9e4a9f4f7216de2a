// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.edgewise.contracts.tally.Tally;
import io.edgewise.testkit.SeededCases;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class ChartsTest {
    private static final String EVIL = "<script>alert('x')</script>";

    @Test
    void everyPictureIsWellFormedAndSaysWhatItShows() throws Exception {
        for (Chart chart : LivePage.of(Sample.data(), Sample.NOW).charts()) {
            Element svg = parse(chart.svg());

            assertThat(svg.getAttribute("role")).isEqualTo("img");
            assertThat(svg.getAttribute("aria-label")).as(chart.id()).hasSizeGreaterThan(30);
            assertThat(chart.svg()).doesNotContain("style=").doesNotContain("NaN");
        }
    }

    @Test
    void agreementDrawsItsFloor() {
        Chart chart = new Charts(Sample.canary(), Sample.windows()).agreement(OptionalDouble.of(0.85));

        assertThat(chart.svg()).contains("floor 85\u00a0%").contains("class=\"band challenger\"");
        assertThat(new Charts(Sample.canary(), Sample.windows())
                        .agreement(OptionalDouble.empty())
                        .svg())
                .doesNotContain("class=\"limit\"");
    }

    @Test
    void oneMinuteIsAPointWithoutALine() {
        List<Rows.Window> one = Sample.windows().subList(0, 1);

        Chart chart = new Charts(Sample.canary(), one).agreement(OptionalDouble.of(0.85));

        assertThat(chart.svg()).contains("dot challenger").doesNotContain("\"line challenger\"");
    }

    @Test
    void withoutDataAChartSaysWhatWillFillIt() {
        for (Chart chart : LivePage.of(Sample.empty(), Sample.NOW).charts()) {
            assertThat(chart.svg()).as(chart.id()).isEmpty();
            assertThat(chart.empty()).as(chart.id()).isNotEmpty();
        }
    }

    @Test
    void countsOfNothingDrawNothing() {
        List<Rows.Window> hollow = List.of(new Rows.Window(1, 0, 1, new Tally()));

        Charts charts = new Charts(Sample.canary(), hollow);

        assertThat(charts.agreement(OptionalDouble.empty()).svg()).isEmpty();
        assertThat(charts.latency().svg()).isEmpty();
        assertThat(charts.cost().svg()).isEmpty();
        assertThat(charts.split().svg()).isEmpty();
    }

    @Test
    void theLegendNamesNoCohortThatIsNotThere() {
        List<Rows.Window> shadow =
                Sample.windows().stream().filter(row -> row.stage() == 0).toList();

        assertThat(new Charts(Sample.canary(), shadow).latency().keys())
                .noneMatch(key -> key.word().equals("canary"));
        assertThat(new Charts(Sample.canary(), Sample.windows()).latency().keys())
                .anyMatch(key -> key.word().equals("canary"));
    }

    @Test
    void reliabilityNamesEceAndN() {
        Chart chart = Charts.reliability(Sample.evidence());

        assertThat(chart.about())
                .contains("ECE")
                .contains("95 % interval")
                .contains("n ")
                .contains("perfect model shows up to")
                .contains("by chance; without chance ");
        assertThat(chart.svg()).contains("class=\"whisker\"");
    }

    @Test
    void textInAPictureStaysText() throws Exception {
        Rows.Score score = new Rows.Score(
                EVIL,
                5,
                10,
                10,
                OptionalDouble.of(0.3),
                OptionalDouble.of(0.3),
                "act",
                EVIL,
                OptionalLong.empty(),
                new Rows.Shape(OptionalDouble.of(0.2), OptionalDouble.empty(), OptionalDouble.of(0.001)),
                new Rows.Missing(OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty()));

        String svg = Charts.drift(List.of(score)).svg();

        assertThat(svg).doesNotContain("<script");
        assertThat(parse(svg).getElementsByTagName("script").getLength()).isZero();
        assertThat(Svg.escape("&<>\"'")).isEqualTo("&amp;&lt;&gt;&quot;&#39;");
    }

    @Test
    void anIntervalBarSaysItsFiguresInWords() {
        IntervalBar bar = new IntervalBar(
                OptionalDouble.of(0.884),
                OptionalDouble.of(0.871),
                OptionalDouble.of(0.896),
                OptionalDouble.of(0.85),
                true);

        assertThat(bar.draw(Tone.GOOD, Format::percent))
                .contains("estimate 88.4\u00a0%, interval 87.1\u00a0% to 89.6\u00a0%, floor 85\u00a0%");
    }

    @Test
    void aScaleKeepsOrderAndStaysInsideItsPixels() {
        SeededCases.forAll(300, random -> {
            double[] values = new double[2 + random.nextInt(20)];
            for (int i = 0; i < values.length; i++) {
                values[i] = (random.nextDouble() - 0.3) * Math.pow(10, random.nextInt(12) - 6.0);
            }
            Scale straight = Scale.covering(values, -1e12, 1e12, 10, 200);
            Scale log = Scale.logarithmic(values, 10, 200);
            for (Scale scale : List.of(straight, log)) {
                for (double a : values) {
                    assertThat(scale.at(a)).isBetween(10.0, 200.0);
                    for (double b : values) {
                        assertThat(a > b && scale.at(a) < scale.at(b)).isFalse();
                    }
                }
                List<Double> ticks = scale.ticks();
                assertThat(ticks).hasSizeLessThanOrEqualTo(12).isSorted();
            }
            assertThat(straight.ticks()).isNotEmpty();
        });
    }

    @Test
    void ticksAreRound() {
        Scale scale = new Scale(0, 1, 0, 100, false);

        assertThat(scale.ticks()).hasSize(6);
        assertThat(scale.ticks().get(1)).isCloseTo(0.2, within(1e-12));
        assertThat(new Scale(1, 100, 0, 10, true).ticks()).containsExactly(1.0, 3.0, 10.0, 30.0, 100.0);
    }

    @Test
    void aScaleWithoutExtentIsRefused() {
        assertThatThrownBy(() -> new Scale(1, 1, 0, 1, false)).hasMessageContaining("from 1.0 to 1.0");
        assertThat(Scale.covering(new double[] {0.5, 0.5}, 0, 1, 0, 10).at(0.5)).isCloseTo(5, within(1e-9));
        assertThat(Scale.covering(new double[0], 0, 1, 0, 10).ticks()).isNotEmpty();
    }

    @Test
    void manyMinutesStillFit() throws Exception {
        List<TimeChart.Point> points = new ArrayList<>();
        for (int minute = 0; minute < 60; minute++) {
            points.add(TimeChart.Point.exact(minute, minute, "m" + minute));
        }
        TimeChart chart = new TimeChart(
                new TimeChart.Axis(Format::plain, TimeChart.Reach.AMOUNT, Period.HOUR),
                List.of(new TimeChart.Series("a", "champion", points)),
                List.of(),
                List.of());

        Element svg = parse(chart.draw("sixty minutes of something"));

        assertThat(svg.getElementsByTagName("circle").getLength()).isEqualTo(60);
        assertThat(svg.getElementsByTagName("text").getLength()).isLessThan(20);
    }

    private static Rows.Hour hour(long hour, int stage, int cohort, long requests, double agreement) {
        return new Rows.Hour(
                hour * 60,
                stage,
                cohort,
                requests,
                OptionalDouble.of(0.75),
                OptionalDouble.of(0.25),
                OptionalDouble.of(10.0 * requests),
                OptionalDouble.of(20.0 * requests),
                OptionalDouble.empty(),
                OptionalDouble.of(1_000_000.0 * requests),
                requests / 2,
                OptionalDouble.of(agreement));
    }

    @Test
    void hoursAddUpCountsAndTheBusiestStageSpeaksForWhatDoesNotAdd() {
        List<Rows.Hour> hours = List.of(hour(480_000, 0, 1, 1_000, 0.9), hour(480_000, 1, 1, 200, 0.5));
        Charts charts = new Charts(Sample.canary(), Period.DAY, hours);

        Chart agreement = charts.agreement(OptionalDouble.of(0.85));
        assertThat(agreement.about()).isEqualTo("per hour, 95 % interval");
        assertThat(agreement.svg()).contains("10-04 00:00 UTC: 83.3\u00a0% of 600 pairs agree");
        assertThat(charts.split().svg()).contains("10-04 00:00 UTC: 900 by the champion, 300 by the challenger");
        assertThat(charts.latency().svg())
                .contains("control p50 10-04 00:00 UTC: 10\u00a0ms")
                .doesNotContain("p99 10-04");
        assertThat(charts.cost().svg()).contains("control cost 10-04 00:00 UTC: 1,000");
    }

    @Test
    void fourteenDaysAreLinesWithTheDaysBelow() throws Exception {
        List<Rows.Hour> hours = new ArrayList<>();
        for (int hour = 0; hour < 14 * 24; hour++) {
            hours.add(hour(480_000 + hour, 1, 1, 900 + hour % 24, 0.9));
            hours.add(hour(480_000 + hour, 1, 2, 100, 0.9));
        }
        Charts charts = new Charts(Sample.canary(), Period.FORTNIGHT, hours);

        for (Chart chart :
                List.of(charts.agreement(OptionalDouble.of(0.85)), charts.latency(), charts.cost(), charts.split())) {
            Element svg = parse(chart.svg());
            assertThat(svg.getElementsByTagName("circle").getLength()).isZero();
            assertThat(svg.getElementsByTagName("title").getLength()).isZero();
            assertThat(chart.svg()).contains(">10-04<").contains(">10-17<").doesNotContain("00:00<");
            assertThat(chart.svg().length()).isLessThan(100_000);
        }
        assertThat(charts.latency().svg()).contains("class=\"line challenger p95\"");
    }

    @Test
    void withoutAnHourTheChartsSayWhenThereIsOne() {
        Charts charts = new Charts(Sample.canary(), Period.FORTNIGHT, List.of());

        assertThat(charts.split().empty()).contains("No hour has figures yet");
        assertThat(charts.latency().empty())
                .isEqualTo(charts.agreement(OptionalDouble.empty()).empty());
    }

    private static Element parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(svg)))
                .getDocumentElement();
    }
}
