"""Agreement of masks: counts and formulas by hand, empty cases, bins, tolerance."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from slopecast.plugin.core.errors import InputError
from slopecast.plugin.core.validation.metrics import (
    BINS,
    Counts,
    accuracy,
    agreement_map,
    dice,
    iou,
    precision,
    recall,
    summarise,
    tolerant_iou,
)

N = 255
PREDICTED = np.array([[1, 1, 0, 0, 1], [0, 1, 0, N, 0]], dtype=np.uint8)
REFERENCE = np.array([[1, 0, 1, 0, N], [0, 1, 0, 1, 0]], dtype=np.uint8)
masks = arrays(np.uint8, (7, 9), elements=st.sampled_from([0, 0, 0, 1, N]))


def test_counts_and_formulas_by_hand() -> None:
    counts = Counts.of(PREDICTED, REFERENCE)
    assert counts == Counts(tp=2, fp=1, fn=1, tn=4)
    assert counts.valid == 8
    assert iou(counts) == 2 / 4
    assert dice(counts) == 4 / 6
    assert accuracy(counts) == 6 / 8
    assert precision(counts) == recall(counts) == 2 / 3


def test_unequal_precision_and_recall_are_not_confused() -> None:
    counts = Counts(tp=3, fp=1, fn=2, tn=10)
    assert precision(counts) == 3 / 4
    assert recall(counts) == 3 / 5


def test_the_papers_case_holds_together() -> None:
    counts = Counts(tp=830, fp=195, fn=170, tn=20_000)  # precision 0.81 and recall 0.83 make IoU 0.7 and Dice 0.82
    assert precision(counts) == pytest.approx(0.81, abs=5e-3)
    assert iou(counts) == pytest.approx(0.7, abs=0.01)
    assert dice(counts) == pytest.approx(0.82, abs=5e-3)


def test_agreement_map_by_hand() -> None:
    expected = np.array([[1, 2, 3, 0, N], [0, 1, 0, N, 0]], dtype=np.uint8)
    agreement = agreement_map(PREDICTED, REFERENCE)
    assert agreement.dtype == np.uint8
    assert np.array_equal(agreement, expected)


def test_empty_cases() -> None:
    nothing = Counts(tn=10)
    assert iou(nothing) == dice(nothing) == accuracy(nothing) == 1.0
    assert math.isnan(precision(nothing))
    assert math.isnan(recall(nothing))
    false_alarm = Counts(fp=5, tn=5)
    assert iou(false_alarm) == dice(false_alarm) == precision(false_alarm) == 0.0
    assert math.isnan(recall(false_alarm))
    missed = Counts(fn=5, tn=5)
    assert iou(missed) == recall(missed) == 0.0
    assert math.isnan(precision(missed))
    assert math.isnan(accuracy(Counts()))


def test_counts_add_up() -> None:
    assert Counts(1, 2, 3, 4) + Counts(10, 20, 30, 40) == Counts(11, 22, 33, 44)
    halves = [Counts.of(PREDICTED[:, a], REFERENCE[:, a]) for a in (slice(0, 2), slice(2, 5))]
    assert sum(halves, Counts()) == Counts.of(PREDICTED, REFERENCE)
    with pytest.raises(TypeError):
        Counts() + 1


@given(masks, masks)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_properties(predicted: np.ndarray, reference: np.ndarray) -> None:
    counts = Counts.of(predicted, reference)
    swapped = Counts.of(reference, predicted)
    assert counts.valid == ((predicted != N) & (reference != N)).sum()
    assert (swapped.tp, swapped.fp, swapped.fn, swapped.tn) == (counts.tp, counts.fn, counts.fp, counts.tn)
    assert dice(counts) == pytest.approx(2 * iou(counts) / (1 + iou(counts)))
    tolerant = tolerant_iou(predicted, reference)
    assert tolerant >= iou(counts)
    assert tolerant == pytest.approx(tolerant_iou(reference, predicted))
    assert tolerant == pytest.approx(_tolerant_by_loops(predicted, reference))


def _tolerant_by_loops(predicted: np.ndarray, reference: np.ndarray) -> float:
    valid = (predicted != N) & (reference != N)
    p, r = (predicted == 1) & valid, (reference == 1) & valid
    hits = union = 0
    for i, j in np.argwhere(p | r):
        window = (slice(max(i - 1, 0), i + 2), slice(max(j - 1, 0), j + 2))
        union += 1
        hits += bool((p[i, j] and r[window].any()) or (r[i, j] and p[window].any()))
    return hits / union if union else 1.0


def test_a_shift_by_one_cell_is_forgiven_and_by_two_is_not() -> None:
    reference = np.zeros((9, 9), dtype=np.uint8)
    reference[4, 4] = 1
    one, two = np.roll(reference, (1, 1), (0, 1)), np.roll(reference, 2, 0)
    assert iou(Counts.of(one, reference)) == 0.0
    assert tolerant_iou(one, reference) == 1.0
    assert tolerant_iou(two, reference) == 0.0
    edge = np.zeros((9, 9), dtype=np.uint8)
    edge[0, 0] = 1
    assert tolerant_iou(np.roll(edge, -1, 0), edge) == 0.0  # the far edge is not near


def test_nodata_lends_no_hits() -> None:
    reference, predicted = np.zeros((1, 3), np.uint8), np.zeros((1, 3), np.uint8)
    predicted[0, 0], reference[0, 1] = 1, 1
    assert tolerant_iou(predicted, reference) == 1.0
    predicted[0, 1] = N  # the reference's failed cell is left out
    assert tolerant_iou(predicted, reference) == 0.0


def test_mean_and_pooled_scores_differ_and_empty_references_are_counted() -> None:
    small, large = Counts(tp=1, fp=9, fn=0, tn=90), Counts(tp=900, fp=0, fn=100, tn=0)
    false_alarm, quiet = Counts(fp=30, tn=70), Counts(tn=100)
    summary = summarise([small, large, false_alarm, quiet])
    assert summary["cases"] == 4
    assert summary["mean_iou"] == pytest.approx((0.1 + 0.9) / 2)
    assert summary["pooled_iou"] == pytest.approx(901 / (901 + 39 + 100))
    assert summary["mean_accuracy"] == pytest.approx((0.91 + 0.9 + 0.7 + 1.0) / 4)
    assert summary["empty_reference_cases"] == 2
    assert summary["empty_reference_false_cells"] == 30
    assert summary["empty_reference_mean_false_cells"] == 15
    bins = {row["failed_cells"]: row for row in summary["bins"]}
    assert [row["failed_cells"] for row in summary["bins"]] == [b.label for b in BINS]
    assert bins["1-100"]["mean_iou"] == pytest.approx(0.1)
    assert bins["100-1k"]["pooled_iou"] == pytest.approx(0.9)
    assert bins["0"]["cases"] == 2
    assert math.isnan(bins["0"]["mean_iou"])
    assert bins["0"]["mean_false_cells"] == 15
    assert math.isnan(bins["> 20k"]["mean_iou"])


def test_pooled_within_a_bin_is_not_the_mean() -> None:
    row = summarise([Counts(tp=1, fp=1), Counts(tp=90, fp=0)])["bins"][1]
    assert row["mean_iou"] == pytest.approx(0.75)
    assert row["pooled_iou"] == pytest.approx(91 / 92)


def test_bins_take_every_case_once() -> None:
    edges = (0, 1, 100, 101, 1000, 1001, 3000, 3001, 7500, 7501, 20_000, 20_001, 10**7)
    rows = summarise([Counts(fn=n) for n in edges])["bins"]
    assert [row["cases"] for row in rows] == [1, 2, 2, 2, 2, 2, 2]


def test_no_case_at_all() -> None:
    summary = summarise([])
    assert summary["cases"] == 0
    assert math.isnan(summary["mean_iou"])
    assert math.isnan(summary["empty_reference_mean_false_cells"])


def test_other_values_are_refused() -> None:
    with pytest.raises(InputError, match="REFERENCE"):
        agreement_map(PREDICTED, REFERENCE * 2)
    with pytest.raises(InputError, match="PREDICTED"):
        agreement_map(np.full(REFERENCE.shape, 0.7), REFERENCE)


def test_false_cells_of_a_bin_are_those_of_both_kinds() -> None:
    bins = {
        b["failed_cells"]: b for b in summarise([Counts(tp=3, fp=5, fn=2, tn=90), Counts(tp=4, fp=1, fn=6)])["bins"]
    }
    assert (bins["1-100"]["cases"], bins["1-100"]["mean_false_cells"]) == (2, 7.0)
    assert bins["1-100"]["pooled_iou"] == pytest.approx(7 / 21)


@pytest.mark.parametrize("shape", [(2, 1), (1, 2)])
def test_a_shift_by_the_whole_of_a_small_map_is_forgiven(shape: tuple[int, int]) -> None:
    first, last = np.zeros(shape, dtype=np.uint8), np.zeros(shape, dtype=np.uint8)
    first.flat[0] = last.flat[-1] = 1
    assert tolerant_iou(first, last) == 1.0
