"""The bench of decay: its facts are the record's, its looks the page's, its counts by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bench.decay.plants import Plant, Planted, plant
from bench.decay.rules import former, months, present
from bench.decay.score import MONTH_US, Seen, table
from daytwo.doors.simulator.parameters.load import load
from daytwo.doors.simulator.simulate import simulate
from daytwo.insight.detection.decay import MEASURES, decay
from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.evaluate import evaluate
from tests.insight.detection.test_decay import NOW
from tests.insight.detection.test_decay import plant as rows
from tests.insight.kpis.plant import facts
from tests.insight.kpis.truth import Truth

if TYPE_CHECKING:
    from pathlib import Path

YEARS = 0.25


def test_facts_made_without_an_import_give_the_true_figures(tmp_path: Path) -> None:
    answers = simulate(load(5, None, {"plant": {"years": YEARS}}), tmp_path).answers
    true = Truth(tmp_path, answers).figures()
    made = plant(5, YEARS, Planted.CREEPING)
    for kpi_id in MEASURES:
        found = evaluate(definition(kpi_id), made.facts)
        assert (pytest.approx(found.value), found.n) == true[kpi_id], kpi_id


def test_sudden_plant_is_the_still_one_until_half_and_worse_after() -> None:
    still, sudden = (plant(5, YEARS, kind) for kind in (Planted.NOTHING, Planted.SUDDEN))

    def ways(made: Plant, *, after: bool) -> int:
        t = made.facts.table("step")
        since = t.completed_us >= sudden.began_us
        t = t.filter(since if after else ~since)
        return int(made.facts.engine.rows(t.aggregate(n=t.workaround.sum()))[0]["n"])

    assert ways(still, after=False) == ways(sudden, after=False) > 0
    assert ways(sudden, after=True) > 1.5 * ways(still, after=True)
    assert still.began_us == still.facts.now_us


def test_looks_are_what_the_page_would_have_said_at_the_end_of_each_month() -> None:
    given = facts(now=NOW, **rows(*[2] * 10, *[8] * 10))
    site, starts = months(given)
    looks = present(given, site, starts)
    first = [bool(called) for called in looks].index(True)
    assert first >= 10
    # Each look asks the engine anew, so only those are asked again that could differ most.
    for at in (2, 8, first - 1, first, first + 1, len(looks) - 1):
        found = decay(replace(given, now_us=starts[1:][at]), ())
        assert looks[at] == frozenset(m.of.id for m in found.decaying)
    assert looks[-1] == former(given, site, starts)[-1] == {"K30", "K32"}


def test_delay_and_alarms_are_counted_from_the_beginning() -> None:
    starts = [round(n * MONTH_US) for n in range(9)]
    none, late = frozenset[str](), frozenset({"K32"})
    looks = [late, late, none, late, none, none, late, late]
    seen = Seen(Planted.SUDDEN, starts, starts[4], looks)
    assert seen.alarms("K32") == 2
    assert seen.delay("K32") == pytest.approx(3)
    assert seen.delay("K30") == math.inf
    assert seen.found("K32")
    assert not seen.found("K30")
    assert seen.site_years == pytest.approx(4 / 12)


def test_table_tells_what_was_found_when_and_what_falsely() -> None:
    starts = [round(n * MONTH_US) for n in range(13)]
    none, late = frozenset[str](), frozenset({"K32"})
    still = Seen(Planted.NOTHING, starts, starts[-1], [*[none] * 11, late])
    creeping = Seen(Planted.CREEPING, starts, starts[0], [*[none] * 9, *[late] * 3])
    sudden = Seen(Planted.SUDDEN, starts, starts[6], [none] * 12)
    text = table("present", [still, creeping, sudden])
    assert "| K32 | 100% | 10 | 0% | never | 0.667 |" in text
    assert "| K30 | 0% | never | 0% | never | 0.000 |" in text
    assert "| all planted | 20% | | 0% | | 0.667 |" in text
    assert "1 of 4 looks from month 9 on call anything (25.0%), 1 of 1 at the last look" in text
