// SPDX-License-Identifier: Apache-2.0
/// Tests and intervals that stay valid however often one looks.
///
/// Of totals only: the same observations give the same result in any order, cut into any blocks, merged from
/// any partitions. Of the list of evidence blocks: the same observations cut elsewhere alarm elsewhere, so the
/// blocks are kept and replay reads them; within a block only totals count. Of the order of observations: what
/// bets predictably on each in turn; never a gate.
///
/// | depends on | functions |
/// |---|---|
/// | totals only | [MeanTest], on [Values] and thereby on [DeviceBlocks] and [Exceedance]; [Needed], |
/// | | [TruncatedBeta], [ConfidenceSequence], [Mixture], [AsymptoticSequence], [QuantileSequence], |
/// | | [TwoSampleQuantile], [KolmogorovBand], [PairedBinary], [PairedRatio], [SampleRatio], |
/// | | [ExposureShare], [CappedMean], [Msprt] |
/// | the list of blocks | [Detector] |
/// | the order of observations | [MarginBetting], [HedgedCapital], [HedgedBetting], |
/// | | [EmpiricalBernstein], [CatoniSequence], [PlugInMoments] |
/// | never a gate | [Msprt], [AsymptoticSequence] |
@NullMarked
package io.edgewise.statistics.sequential;

import org.jspecify.annotations.NullMarked;
