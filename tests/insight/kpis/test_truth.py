"""Three simulated plants: every figure and every hour of the release flow is what is true.

Counts have no tolerance. Times are told by the exports to the second or minute and compared as
told; where the answers are rounded (six decimals), by a millionth.
"""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

import ibis
import pytest

from daytwo.insight.kpis import flow
from daytwo.insight.kpis.asking import current_facts
from daytwo.insight.kpis.cohort import Question
from daytwo.insight.kpis.definition import Definition, all_definitions, definition
from daytwo.insight.kpis.evaluate import evaluate
from daytwo.kernel.errors import Fault
from tests.doors.connectors.test_plant import SEEDS, bring, plant
from tests.insight.kpis.rules import anew
from tests.insight.kpis.truth import Figure, Truth

if TYPE_CHECKING:
    from daytwo.insight.kpis.subjects import Facts

MINUTE_H = 1 / 60
CAUSES = {"lab_wait": "laboratory", "deviation_wait": "deviation"}
"""What the simulator calls otherwise."""

UNENDED, UNBEGUN = "manufacture has not ended", "not started"
BITING = {
    ("K1rejected", "released, shown apart"),
    ("K11", "minor: triaged, not investigated"),
    ("K17ispe", "not of a release or stability test"),
    ("K25", "indirect labour: a team without a step"),
    ("K29", "no interface for it"),
    *((kpi, UNENDED) for kpi in ("K1start", "K6", "K7b", "K7c", "K9", "K9ispe")),
    *((kpi, UNBEGUN) for kpi in ("K16fda2016", "K16ispe", "K23quality")),
}
"""Exclusions without which a figure of these plants would be another.

Of the others most leave out what has no number yet, and would only be open instead.
"""

pytestmark = pytest.mark.usefixtures("site")


def told(facts: Facts, figure: Definition) -> Figure:
    found = evaluate(figure, facts)
    return found.value, found.n


def same(ours: Figure, true: Figure) -> bool:
    (value, n), (expected, count) = ours, true
    return n == count and value == (
        None if expected is None else pytest.approx(expected, rel=1e-6, abs=1e-6)
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_every_figure_and_hour_is_what_the_plant_did_and_an_exclusion_less_is_noticed(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, answers = plant(seed)
    bring(seed)
    facts, true = current_facts(), Truth(folder, answers).figures()
    assert {of.id for of in all_definitions()} - set(true) == {"K6nuisance"}, (
        "judged by nobody here"
    )
    ours = {kpi: told(facts, definition(kpi)) for kpi in true}
    assert {k: (ours[k], true[k]) for k in true if not same(ours[k], true[k])} == {}
    assert sum(n > 0 for _, n in true.values()) > 40
    check_every_hour(facts, answers)
    noticed = set()
    for kpi in true:
        for why in dict(evaluate(definition(kpi), facts).excluded):
            with monkeypatch.context() as patch:
                changed = anew(definition(kpi))
                without = _without(patch, definition(kpi), str(why))
                if without and _notices(facts, changed, true[kpi]):
                    noticed.add((kpi, str(why)))
    assert noticed >= BITING


def _notices(facts: Facts, changed: Definition, true: Figure) -> bool:
    """Say whether a definition's figure is another now, or none at all."""
    try:
        return not same(told(facts, changed), true)
    except Fault:
        return True


def _without(patch: pytest.MonkeyPatch, figure: Definition, why: str) -> bool:
    """Take one exclusion out of a definition; False where it is no exclusion by rule."""
    module: Any = sys.modules[figure.subjects.__module__]
    known, met = getattr(module, "leave_out", None), []

    def leave_out(rule: Any, reason: str) -> Any:
        if reason != why:
            return known(rule, reason)
        met.append(reason)
        return known(ibis.literal(value=False), reason)

    if known is None:
        return False
    patch.setattr(module, "leave_out", leave_out)
    figure.subjects(current_facts())
    return bool(met)


def check_every_hour(facts: Facts, answers: dict[str, Any]) -> None:
    """Hold that every hour of a release has the cause that it truly had."""
    found = {f.batch_id: f for f in flow.flows(facts, Question())}
    decided = [b for b in answers["batches"] if b["ended"] and b["decided"]]
    assert len(decided) > 10
    for batch in decided:
        mine = found[batch["batch_no"]]
        legs = {k.removesuffix("_h"): hours for k, hours in batch["legs"].items() if hours}
        legs = {CAUSES.get(name, name): hours for name, hours in legs.items()}
        for name in {*legs, *mine.legs}:
            true = pytest.approx(legs.get(name, 0), abs=MINUTE_H)
            assert mine.legs.get(name, 0) == true, (batch["batch_no"], name)
        whole = datetime.fromisoformat(batch["decided"]) - datetime.fromisoformat(batch["ended"])
        assert mine.hours == pytest.approx(whole.total_seconds() / 3600, abs=1e-9)
    ours = flow.lost([found[b["batch_no"]] for b in decided], Question().period, facts.now_us)
    true_days = {
        CAUSES.get(name.removesuffix("_h"), name.removesuffix("_h")): sum(
            b["legs"][name] for b in decided
        )
        / 24
        for name in decided[0]["legs"]
    }
    assert {lost.cause: lost.days for lost in ours} == pytest.approx(
        {cause: days for cause, days in true_days.items() if days}, abs=len(decided) / 1440
    )
    ranked = [lost.cause for lost in ours]
    assert ranked == sorted(ranked, key=lambda cause: -true_days[cause])
