"""K26 by hand: from the request to the first batch by it, and each leg."""

from __future__ import annotations

import pytest

from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.definitions.k26 import LEGS
from daytwo.insight.kpis.evaluate import evaluate
from tests.insight.kpis.plant import day, facts

DAYS = (0, 4, 10, 18, 28, 33, 34, 41)
MILESTONES = [*(start for start, _, _ in LEGS.values()), "first_used"]
WHOLE = {"mbr_id": "M", "version": 2} | {
    f"{name}_us": day(number) for name, number in zip(MILESTONES, DAYS, strict=True)
}


def test_whole_goes_from_the_request_to_the_first_use():
    rows = [
        WHOLE,
        WHOLE | {"version": 3, "first_used_us": None},
        WHOLE | {"version": 4, "requested_us": None},
        WHOLE | {"version": 5, "first_used_us": None, "superseded_us": day(60)},
        {"mbr_id": "M", "version": 1},
    ]
    found = evaluate(definition("K26"), facts(mbr_change=rows))
    assert (found.value, found.n, found.open) == (41, 1, 1)
    assert dict(found.excluded) == {
        "no request recorded": 1,
        "replaced before it was used": 1,
        "no change was requested": 1,
    }


def test_effective_after_its_first_use_ends_with_being_effective():
    found = evaluate(definition("K26"), facts(mbr_change=[WHOLE | {"effective_us": day(50)}]))
    assert found.value == 50


@pytest.mark.parametrize(("leg", "days"), [*zip(LEGS, (4, 6, 8, 10, 5, 1, 7), strict=True)])
def test_legs_cover_the_whole(leg, days):
    assert evaluate(definition(leg), facts(mbr_change=[WHOLE])).value == days


def test_milestone_that_was_passed_without_a_record_is_missing():
    rows = [WHOLE, WHOLE | {"version": 3, "trained_us": None}]
    found = evaluate(definition("K26training"), facts(mbr_change=rows))
    assert (found.n, found.coverage, dict(found.excluded)) == (
        1,
        0.5,
        {"trained is not recorded": 1},
    )
