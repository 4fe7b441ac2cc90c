"""What the page would have said at the end of each month: by the rule as it is, and as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.insight.detection.decay import MEASURES, QUARTER, by_line, go_live, months_since
from daytwo.insight.detection.worsening import ALPHA, slope, together
from daytwo.insight.kpis.cohort import Period, Question
from daytwo.insight.kpis.compare import Verdict, against_value, direction
from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.evaluate import along, evaluate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from daytwo.insight.kpis.definition import Definition
    from daytwo.insight.kpis.subjects import Facts

    Looks = list[frozenset[str]]
    """Measures that are said to decay, at the end of each whole month since go-live."""
    Rule = Callable[[Facts, Mapping[str, str], Sequence[int]], Looks]


def months(facts: Facts) -> tuple[dict[str, str], list[int]]:
    """Return the site as a filter, and the first instant of its months since go-live."""
    live = go_live(facts, None)
    assert live is not None, "a plant makes batches"
    return {"site": live.site}, months_since(live.at_us, facts.now_us, facts.zone)


def present(facts: Facts, site: Mapping[str, str], starts: Sequence[int]) -> Looks:
    """Return what the rule of `detection.decay` says; a month's figures do not change later."""
    lines = [by_line(definition(kpi_id), facts, site, starts) for kpi_id in MEASURES]
    looks = []
    for n in range(1, len(starts)):
        slopes = [slope([of[:n] for of in found]) for found in lines]
        qs = together([found.p if found else None for found in slopes])
        called = zip(MEASURES, qs, strict=True)
        looks.append(frozenset(kpi_id for kpi_id, q in called if q is not None and q <= ALPHA))
    return looks


def former(facts: Facts, site: Mapping[str, str], starts: Sequence[int]) -> Looks:
    """Return what the rule before it said: two quarters at 95 %, or Mann-Kendall at 1 %.

    References:
        H. B. Mann, Econometrica 13 (1945) 245; P. K. Sen, J. Am. Stat. Assoc. 63 (1968) 1379.
    """
    called: list[set[str]] = [set() for _ in starts[1:]]
    for kpi_id in MEASURES:
        of = definition(kpi_id)
        spans = [(str(n), start) for n, start in enumerate(starts[:-1], start=1)]
        figures = [
            found.value for found in along(of, facts, Question(where=site), spans, starts[-1])
        ]
        for n in range(2 * QUARTER, len(starts)):
            if _worse(of, facts, site, starts[: n + 1]) or _creeps(figures[:n], direction(of)):
                called[n - 1].add(kpi_id)
    return [frozenset(found) for found in called]


def _worse(of: Definition, facts: Facts, site: Mapping[str, str], starts: Sequence[int]) -> bool:
    ends = ((starts[0], starts[QUARTER]), (starts[-1 - QUARTER], starts[-1]))
    first, last = (evaluate(of, facts, Question(Period(*pair), site)) for pair in ends)
    return against_value(last, first).verdict is Verdict.WORSE


def _creeps(figures: Sequence[float | None], side: int) -> bool:
    from scipy import stats  # noqa: PLC0415 - a second that only this rule should cost

    known = [(n, value) for n, value in enumerate(figures) if value is not None]
    if len(known) < 2 * QUARTER or len({value for _, value in known}) == 1:
        return False
    at, heights = zip(*known, strict=True)
    if stats.kendalltau(at, heights).pvalue >= 0.01:
        return False
    return bool(stats.theilslopes(heights, at).slope * side < 0)


RULES: dict[str, Rule] = {"present": present, "former": former}
