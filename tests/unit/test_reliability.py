"""How far a result can be trusted, and why."""

import pytest
from slopecast.plugin.core.reliability import Reliability


@pytest.mark.parametrize(
    ("level", "expected"), [("trusted", "caution"), ("caution", "caution"), ("outside", "outside")]
)
def test_an_input_in_doubt_is_never_trusted(level, expected):
    judged = Reliability(level, ("a",) if level != "trusted" else ()).with_cautions(["heights in feet."])
    assert judged.level == expected
    assert str(judged).endswith("heights in feet")


def test_without_cautions_nothing_changes():
    judged = Reliability("trusted")
    assert judged.with_cautions([]) == judged
    assert str(judged) == "trusted"


def test_a_caution_is_listed_once():
    judged = Reliability("caution", ("a", "b")).with_cautions(["b", "c"])
    assert judged.reasons == ("a", "b", "c")


def test_a_log_repeats_no_reason_that_it_has_as_a_warning():
    known = Reliability("caution", ("rain in mm/day?", "edges"))
    assert str(known.without(["edges"])) == "caution: rain in mm/day?; see the warnings above"
    assert str(known.without(["edges", "rain in mm/day?"])) == "caution: see the warnings above"
    assert known.without(["others"]) == known
    assert str(Reliability("trusted").without(["edges"])) == "trusted"
