"""Comparing figures: what is beyond noise, against a published example and by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from daytwo.insight.kpis.compare import (
    Verdict,
    against_frozen,
    against_number,
    against_value,
    direction,
)
from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.evaluate import evaluate
from daytwo.insight.kpis.intervals import wilson
from tests.insight.kpis.plant import day, facts

K1, K7A = definition("K1"), definition("K7a")
NOW = datetime(2026, 2, 1, tzinfo=UTC)


def released(*days: float):
    rows = [
        {"batch_id": f"B{i}", "ended_us": day(0), "decided_us": day(d), "decision": "released"}
        for i, d in enumerate(days)
    ]
    return evaluate(K1, facts(batch=rows, now=NOW))


def share(some: int, of: int):
    low, high = wilson(some, of)
    base = released(*range(1, 8))
    return replace(
        base, definition=K7A, value=100 * some / of, n=of, interval=(100 * low, 100 * high)
    )


def test_difference_of_two_shares_is_newcombes():
    """Newcombe (1998), table II, 56/70 and 48/80: 0.0524 to 0.3339 by method 10."""
    found = against_value(share(56, 70), share(48, 80))
    assert found.interval == pytest.approx((5.24, 33.39), abs=0.01)
    assert found.verdict is Verdict.BETTER
    assert found.beyond_noise == pytest.approx(5.24, abs=0.01)


def test_the_other_way_round_is_worse_by_as_much():
    found = against_value(share(48, 80), share(56, 70))
    assert found.verdict is Verdict.WORSE
    assert found.beyond_noise == pytest.approx(-5.24, abs=0.01)


def test_small_difference_is_within_noise():
    found = against_value(share(56, 70), share(64, 80))
    assert (found.verdict, found.beyond_noise) == (Verdict.NOTHING_SHOWN, 0.0)


def test_shorter_release_is_better_and_few_batches_say_nothing():
    fast, slow = released(*range(1, 10)), released(*range(101, 110))
    assert against_value(fast, slow).verdict is Verdict.BETTER
    assert against_value(slow, fast).verdict is Verdict.WORSE
    few = against_value(released(1, 2), slow)
    assert (few.verdict, few.why) == (Verdict.UNKNOWN, "n 2 is below 6")
    assert against_value(released(), slow).difference is None


def test_target_has_no_noise_of_its_own():
    found = released(*range(1, 10))
    assert against_number(found, 100).verdict is Verdict.BETTER
    assert against_number(found, 5).verdict is Verdict.NOTHING_SHOWN
    assert against_number(found, 0.5).verdict is Verdict.WORSE


def test_definition_without_a_side_only_changes():
    assert [direction(definition(k)) for k in ("K1", "K7a", "K9")] == [-1, 1, 0]


def test_frozen_figure_compares_like_the_figure_that_it_was():
    now, before = share(56, 70), share(48, 80)
    assert against_frozen(now, before.value, before.interval) == against_value(now, before)


@pytest.mark.parametrize(
    ("value", "interval", "why"),
    [
        (None, None, "a figure is unknown"),
        (60.0, None, "no interval can be stated"),
    ],
)
def test_frozen_figure_without_an_interval_says_nothing(value, interval, why):
    found = against_frozen(share(56, 70), value, interval)
    assert (found.verdict, found.why) == (Verdict.UNKNOWN, why)


def test_few_say_nothing_against_a_frozen_figure():
    found = against_frozen(released(1, 2), 5.0, (4.0, 6.0))
    assert (found.verdict, found.why) == (Verdict.UNKNOWN, "n 2 is below 6")
