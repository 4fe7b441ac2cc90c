"""Against baseline and target: said beyond noise only, of one version of the definition only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from daytwo.doors.web import filters
from daytwo.doors.web.against import NOTHING, against, day, frozen, lines
from daytwo.insight.governance import commands as value
from daytwo.insight.governance import queries
from daytwo.insight.kpis import asking
from daytwo.insight.kpis import definition as definitions
from daytwo.insight.kpis.definition import definition
from tests.insight.governance.history import SPRING, WINTER, winter_and_spring

if TYPE_CHECKING:
    from pathlib import Path

    from daytwo.insight.governance.queries import Baseline
    from tests.conftest import Person


@pytest.fixture
def base(site: Path, lea: Person) -> Baseline:
    winter_and_spring()
    lea.does(
        value.freeze_baseline,
        initiative_id="V-1",
        kpi_id="K1",
        title="Winter",
        since=WINTER[0],
        until=WINTER[1],
    )
    return queries.frozen("V-1")


def said(base: Baseline, since: str, until: str) -> list[str]:
    found = asking.show("K1", since=since, until=until)
    return [f"{d.name}: {d.text} [{d.kind}]" for d in against(found, base).deltas]


def test_better_only_by_what_is_beyond_noise(base: Baseline) -> None:
    [one] = said(base, *SPRING)
    assert one == (
        "Against the baseline 9.9\u202fd: better by 5.0\u202fd,"
        " at least 3.8\u202fd beyond noise [plain]"
    )
    [same] = said(base, *WINTER)
    assert "no change shown" in same


def test_target_is_reached_under_way_or_missed(base: Baseline) -> None:
    def target(number: float, due: str) -> str:
        return said(replace(base, target=number, target_on=due), *SPRING)[1].partition(": ")[2]

    assert target(8.0, "2099-12-31") == "reached, beyond noise [plain]"
    assert target(5.0, "2099-12-31") == "reached, within noise [plain]"
    assert target(4.0, "2099-12-31") == "0.88\u202fd to go [plain]"
    assert target(4.0, "2026-06-30") == "missed by 0.88\u202fd [attention]"


def test_nothing_is_set_against_what_was_measured_otherwise(base: Baseline) -> None:
    found = asking.show("K1", since=SPRING[0], until=SPRING[1])
    other = against(found, replace(base, kpi_version=7))
    assert (other.deltas, other.lines) == ((), ())
    assert "version 7" in other.notes[0]
    assert against(found, None) is NOTHING
    assert lines(definition("K1"), replace(base, kpi_version=7)) == ()


def test_lines_of_the_chart_name_their_value(base: Baseline) -> None:
    both = replace(base, target=5.0, target_on="2099-12-31")
    assert [(line.value, line.text) for line in lines(definition("K1"), both)] == [
        (9.875, "baseline 9.9"),
        (5.0, "target 5.0"),
    ]
    found = asking.show("K1", since=SPRING[0], until=SPRING[1])
    assert against(found, both).lines == lines(definition("K1"), both)


def test_baseline_is_of_exactly_what_the_figure_is_narrowed_to(base: Baseline, lea: Person) -> None:
    def of(**asked: str) -> list[str]:
        return sorted(one.initiative_id for one in frozen(filters.read(asked)).values())

    given = {"since": WINTER[0], "until": WINTER[1], "title": "Winter", "kpi_id": "K1"}
    lea.does(value.freeze_baseline, initiative_id="V-2", product_code="P", **given)
    assert of() == ["V-1"]
    assert of(product="P") == ["V-2"]
    assert of(product="P", site="elsewhere") == of(product="Q") == of(line="L1") == []


def test_figure_that_cannot_be_narrowed_keeps_the_baseline_of_all(
    base: Baseline, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = definition("K1")
    blind = replace(of, dimensions=("site",))
    monkeypatch.setitem(definitions._REGISTRY, ("K1", of.version), blind)
    assert frozen(filters.read({"product": "P", "line": "L1"})) == {"K1": base}
    assert frozen(filters.read({"site": "elsewhere"})) == {}


def test_day_in_the_readers_words() -> None:
    assert day("2026-03-05") == "5 Mar 2026"
