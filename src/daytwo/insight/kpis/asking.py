"""Asking a KPI of the present record: dates, filters and dimensions in words of people."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings

from daytwo.insight.kpis import evaluate, explain
from daytwo.insight.kpis.calendar import start_of, us
from daytwo.insight.kpis.cohort import Period, Question
from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.subjects import DIMENSIONS, Facts
from daytwo.kernel.clock import now
from daytwo.kernel.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daytwo.insight.kpis.explain import Explanation, Subject
    from daytwo.insight.kpis.value import KpiValue

ALIASES = {"product": "product_code"}
"""Names of dimensions that people use."""


def current_facts() -> Facts:
    """Return the facts with everything in them that is committed now."""
    from daytwo.insight.facts.engine.live import over  # noqa: PLC0415 - loads the engine
    from daytwo.insight.facts.follow import current  # noqa: PLC0415 - loads the engine

    state = current()
    zone, shifts = settings.SITE_TIME_ZONE, settings.SITE_SHIFTS
    return Facts(over(state), us(now()), zone, state.seq, shifts)


def question(
    *,
    product_code: str = "",
    site: str = "",
    since: str = "",
    until: str = "",
    by: Sequence[str] = (),
) -> Question:
    """Return a question from words.

    Args:
        product_code: Only this product; empty for all.
        site: Only this site; empty for all.
        since: First day that belongs to it, `YYYY-MM-DD` of the site; empty for no bound.
        until: Last day that belongs to it.
        by: Dimensions to split by; one said twice counts once.

    Raises:
        Refused: A day or a dimension cannot be read.
    """
    where = {"product_code": product_code, "site": site}
    return Question(
        Period(_start(since), _start(until, days=1)),
        {name: value for name, value in where.items() if value},
        tuple(dict.fromkeys(_dimension(name) for name in by if name)),
    )


def show(kpi_id: str, *, version: int | None = None, **asked: Any) -> KpiValue:
    """Evaluate a KPI over the present record.

    Args:
        kpi_id: Such as `K1`.
        version: Of the definition; None for the newest.
        **asked: Of `question`.
    """
    return evaluate.evaluate(definition(kpi_id, version), current_facts(), question(**asked))


def groups(kpi_id: str, *, version: int | None = None, **asked: Any) -> list[KpiValue]:
    """Evaluate a KPI for each value of the dimensions in `by`; see `show`."""
    return evaluate.groups(definition(kpi_id, version), current_facts(), question(**asked))


def trend(kpi_id: str, span: str, *, version: int | None = None, **asked: Any) -> list[KpiValue]:
    """Evaluate a KPI for each day, week, month, quarter or year; see `show`."""
    return evaluate.trend(definition(kpi_id, version), current_facts(), question(**asked), span)


def explained(
    kpi_id: str, *, version: int | None = None, limit: int = 100_000, **asked: Any
) -> Explanation:
    """Return a KPI's figure with its subjects, checked against each other; see `show`."""
    return explain.explain(definition(kpi_id, version), current_facts(), question(**asked), limit)


def subject(kpi_id: str, name: str, *, version: int | None = None) -> list[Subject]:
    """Return what a KPI says of one subject."""
    return explain.one(definition(kpi_id, version), current_facts(), name)


def _start(day: str, days: int = 0) -> int | None:
    if not day:
        return None
    try:
        first = date.fromisoformat(day)
    except ValueError:
        raise Refused("kpi.day", f"{day!r} is no day: write it as YYYY-MM-DD.") from None
    return start_of(first + timedelta(days=days), settings.SITE_TIME_ZONE)


def _dimension(name: str) -> str:
    found = ALIASES.get(name, name)
    if found not in DIMENSIONS:
        raise Refused("kpi.dimension", f"There is no {name!r} to split by, only {DIMENSIONS}.")
    return found
