// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NoncentralChiSquareTest {
    /// Computed with mpmath at 200 digits.
    @ParameterizedTest
    @CsvSource({
        "30, 9, 0.5, 0.0007926922399239026, 0.999207307760076",
        "100, 9, 500, 1, 8.04352338229518e-37",
        "5000, 9, 5000, 0.5225563036117272, 0.4774436963882727",
        "5600, 9, 5000, 2.376142775105368e-05, 0.9999762385722489",
        "4200, 9, 5000, 0.9999999987567717, 1.2432283167075164e-09",
        "0.01, 9, 40, 1, 1.7649249214444305e-21",
        "3, 1, 2, 0.37613105072179026, 0.6238689492782097",
        "1000, 19, 10, 1.2716098865182175e-169, 1",
        "900, 9, 40, 1.5924792202208124e-121, 1"
    })
    void keepsItsDigitsInBothTails(double x, double degrees, double lambda, double above, double below) {
        assertThat(NoncentralChiSquare.above(x, degrees, lambda)).isCloseTo(above, within(1e-9 * above));
        assertThat(NoncentralChiSquare.below(x, degrees, lambda)).isCloseTo(below, within(1e-9 * below));
    }

    /// Odd degrees of freedom have a closed form in error and half-integer Bessel functions; by mpmath at 460
    /// digits.
    @ParameterizedTest
    @CsvSource({
        "4000.850001874953, 1, 10000.0, 1.0, 6.3198953057261e-296",
        "8800.970000374991, 1, 10000.0, 0.9999999996924555, 3.075445093056053e-10",
        "9910.997750028124, 1, 10000.0, 0.6722034920585305, 0.3277965079414695",
        "10000.799995000063, 1, 10000.0, 0.4984042770205715, 0.5015957229794285",
        "10041.0009999875, 1, 10000.0, 0.418866031820957, 0.581133968179043",
        "10401.009999875003, 1, 10000.0, 0.02355321245731597, 0.976446787542684",
        "15001.124998437539, 1, 10000.0, 3.325174902321894e-112, 1.0",
        "4007.6501518408377, 9, 10000.0, 1.0, 7.292154655844459e-296",
        "8808.730030368168, 9, 10000.0, 0.9999999996923246, 3.076753890830827e-10",
        "9918.979752277613, 9, 10000.0, 0.6722039750428515, 0.3277960249571485",
        "10008.79995500506, 9, 10000.0, 0.4984049416093621, 0.5015950583906379",
        "10049.008998987727, 9, 10000.0, 0.4188666546233762, 0.5811333453766238",
        "10409.089989877277, 9, 10000.0, 0.02355294747052182, 0.9764470525294782",
        "15010.124873465968, 9, 10000.0, 3.276213355197913e-112, 1.0",
        "5695.317141508264, 19, 12345.5, 1.0, 4.620364557409255e-280",
        "11030.663428301654, 19, 12345.5, 0.9999999996512273, 3.487726658129392e-10",
        "12264.462257122625, 19, 12345.5, 0.6723487331139706, 0.3276512668860294",
        "12364.277693904716, 19, 12345.5, 0.4986048116756714, 0.5013951883243286",
        "12408.961219056611, 19, 12345.5, 0.4190542162310388, 0.5809457837689612",
        "12809.112190566117, 19, 12345.5, 0.0234730875710641, 0.9765269124289359",
        "17922.15238207645, 19, 12345.5, 2.834310966688706e-114, 1.0",
        "940008.8650001519, 9, 1000000.0, 1.0, 3.966257070748647e-204",
        "988008.9730000304, 9, 1000000.0, 0.9999999991149298, 8.850702241279367e-10",
        "999108.9979750023, 9, 1000000.0, 0.6735009830511708, 0.3264990169488292",
        "1000006.9999955, 9, 1000000.0, 0.5001994719464016, 0.4998005280535984",
        "1000409.0008999989, 9, 1000000.0, 0.4205526177374166, 0.5794473822625834",
        "1004009.0089999898, 9, 1000000.0, 0.02283105060285989, 0.9771689493971401",
        "1050009.1124998734, 9, 1000000.0, 5.966514808253936e-135, 1.0",
        "998102642.39963, 9, 1000000000.0, 1.0, 3.20013097179824e-198",
        "999620535.679926, 9, 1000000000.0, 0.9999999990167698, 9.83230191176497e-10",
        "999971548.5009944, 9, 1000000000.0, 0.6736402335807333, 0.3263597664192667",
        "999999945.7544466, 9, 1000000000.0, 0.5003926343921216, 0.4996073656078784",
        "1000012658.1106691, 9, 1000000000.0, 0.4207343549771417, 0.5792656450228583",
        "1000126500.1066914, 9, 1000000000.0, 0.02275269289707228, 0.9772473071029277",
        "1001581147.8336418, 9, 1000000000.0, 3.912365148635773e-138, 1.0",
        "999940000001.0, 1, 1000000000000.0, 1.0, 4.840916199948136e-198",
        "999988000001.0, 1, 1000000000000.0, 0.9999999990135187, 9.864813220319482e-10",
        "999999100001.0, 1, 1000000000000.0, 0.6736446359518761, 0.3263553640481239",
        "999999998001.0, 1, 1000000000000.0, 0.5003987427430698, 0.4996012572569302",
        "1000000400001.0, 1, 1000000000000.0, 0.4207401028604504, 0.5792598971395496",
        "1000004000001.0, 1, 1000000000000.0, 0.02275021293458848, 0.9772497870654115",
        "1000050000001.0, 1, 1000000000000.0, 3.080669740743787e-138, 1.0",
        "999940000008.9999, 9, 1000000000000.0, 1.0, 4.840916199797848e-198",
        "999988000009.0, 9, 1000000000000.0, 0.9999999990135187, 9.864813221048519e-10",
        "999999100009.0, 9, 1000000000000.0, 0.6736446359515516, 0.3263553640484484",
        "999999998009.0, 9, 1000000000000.0, 0.500398742743069, 0.499601257256931",
        "1000000400009.0, 9, 1000000000000.0, 0.4207401028606068, 0.5792598971393932",
        "1000004000009.0, 9, 1000000000000.0, 0.02275021293480445, 0.9772497870651956",
        "1000050000009.0001, 9, 1000000000000.0, 3.080669739892491e-138, 1.0",
        "999998102633412.9, 9, 1000000000000000.0, 1.0, 4.904619610726266e-198",
        "999999620526689.8, 9, 1000000000000000.0, 0.9999999990134157, 9.865842797954186e-10",
        "999999971539510.0, 9, 1000000000000000.0, 0.6736447754993726, 0.3263552245006274",
        "999999999936763.5, 9, 1000000000000000.0, 0.5003989355704915, 0.4996010644295085",
        "1000000012649119.6, 9, 1000000000000000.0, 0.4207402847221946, 0.5792597152778054",
        "1000000126491115.4, 9, 1000000000000000.0, 0.02275013453628723, 0.9772498654637128",
        "1000001581138839.1, 9, 1000000000000000.0, 3.057451909681153e-138, 1.0",
        "9.9999994e+17, 1, 1e+18, 1.0, 4.906647613517746e-198",
        "9.99999988e+17, 1, 1e+18, 0.9999999990134125, 9.865875356718121e-10",
        "9.999999991e+17, 1, 1e+18, 0.6736447797485833, 0.3263552202514167",
        "9.99999999998e+17, 1, 1e+18, 0.5003989422139113, 0.4996010577860887",
        "1.0000000004e+18, 1, 1e+18, 0.4207402905687178, 0.5792597094312822",
        "1.000000004e+18, 1, 1e+18, 0.02275013205616114, 0.9772498679438389",
        "1.00000005e+18, 1, 1e+18, 3.056720625005821e-138, 1.0"
    })
    void keepsItsDigitsHoweverFarFromCentral(double x, double degrees, double lambda, double above, double below) {
        assertThat(NoncentralChiSquare.above(x, degrees, lambda)).isCloseTo(above, within(2e-9 * above));
        assertThat(NoncentralChiSquare.below(x, degrees, lambda)).isCloseTo(below, within(2e-9 * below));
    }

    /// Where one method hands over to the other nothing jumps.
    @Test
    void bothMethodsAgreeWhereTheyMeet() {
        for (double degrees : new double[] {1, 9, 400, 4_000, 9_999}) {
            double lambda = 9_999.999 - degrees;
            for (double z : new double[] {-10, -3, -0.5, -0.01, 0, 0.3, 1, 4, 20}) {
                double x = degrees + lambda + z * Math.sqrt(2 * (degrees + 2 * lambda));
                double above = NoncentralChiSquare.logAbove(x, degrees, lambda);
                double below = NoncentralChiSquare.logBelow(x, degrees, lambda);
                assertThat(NoncentralSaddle.logAbove(x, degrees, lambda))
                        .as("%s %s", degrees, z)
                        .isCloseTo(above, within(2e-9));
                assertThat(NoncentralSaddle.logBelow(x, degrees, lambda))
                        .as("%s %s", degrees, z)
                        .isCloseTo(below, within(2e-9));
            }
        }
    }

    @Test
    void answersAtOnceWhateverIsAsked() {
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            for (double degrees : new double[] {1, 9, 1e4, Integer.MAX_VALUE}) {
                for (double lambda : new double[] {0, 1e-300, 1, 9_990, 1e9, 1e18, 1e24}) {
                    for (double x : new double[] {1e-300, 1, 9_990, 1e9, 1e18, 1e24, 1e100}) {
                        double above = NoncentralChiSquare.above(x, degrees, lambda);
                        double below = NoncentralChiSquare.below(x, degrees, lambda);
                        assertThat(above + below)
                                .as("%s %s %s", degrees, lambda, x)
                                .isCloseTo(1, within(1e-9));
                    }
                    for (double p : new double[] {1e-320, 1e-300, 1e-9, 0.5, 1 - 1e-16}) {
                        double high = NoncentralChiSquare.quantileAbove(p, degrees, lambda);
                        double low = NoncentralChiSquare.quantileBelow(p, degrees, lambda);
                        assertThat(high).as("%s %s %s", degrees, lambda, p).isGreaterThanOrEqualTo(0);
                        assertThat(low).as("%s %s %s", degrees, lambda, p).isGreaterThanOrEqualTo(0);
                    }
                }
            }
        });
        assertThat(NoncentralChiSquare.above(Double.NaN, 9, 5)).isNaN();
        assertThat(NoncentralChiSquare.below(5, 9, Double.NaN)).isNaN();
        assertThat(NoncentralChiSquare.above(5, 9, Double.POSITIVE_INFINITY)).isEqualTo(1);
        assertThat(NoncentralChiSquare.below(5, 9, Double.POSITIVE_INFINITY)).isZero();
        assertThat(NoncentralChiSquare.above(Double.POSITIVE_INFINITY, 9, 5)).isZero();
        assertThat(NoncentralChiSquare.below(Double.POSITIVE_INFINITY, 9, 5)).isEqualTo(1);
    }

    @Test
    void bothTailsAddUpToOne() {
        long seed = 11;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 500; i++) {
            double degrees = random.nextInt(1, 60);
            double lambda = Math.pow(10, random.nextDouble(-4, 4.5));
            double x = (degrees + lambda) * random.nextDouble(0, 3);
            double sum = NoncentralChiSquare.above(x, degrees, lambda) + NoncentralChiSquare.below(x, degrees, lambda);
            assertThat(sum).as("seed %d: %s %s %s", seed, x, degrees, lambda).isCloseTo(1, within(1e-9));
        }
    }

    @Test
    void handlesLargeSamples() {
        assertThat(NoncentralChiSquare.above(2.5e7, 9, 5e5)).isZero();
        assertThat(NoncentralChiSquare.below(1e3, 9, 5e5)).isZero();
        assertThat(NoncentralChiSquare.above(5e5, 9, 5e5)).isCloseTo(0.5, within(0.01));
        assertThat(NoncentralChiSquare.above(0, 9, 5)).isEqualTo(1);
        assertThat(NoncentralChiSquare.below(0, 9, 5)).isZero();
    }
}
