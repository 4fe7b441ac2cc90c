"""Baselines in words: the columns of their list, what a form begins with, how a figure stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from daytwo.doors.web import tables, tiles
from daytwo.doors.web.formats import NARROW, interval, site_zone
from daytwo.insight.governance import queries
from daytwo.insight.kpis import asking
from daytwo.insight.kpis.calendar import at, us
from daytwo.insight.kpis.definition import definition, versions
from daytwo.insight.kpis.standing import standing
from daytwo.kernel import clock

if TYPE_CHECKING:
    from daytwo.doors.web.filters import Filter
    from daytwo.insight.governance.queries import Baseline
    from daytwo.insight.kpis.definition import Definition
    from daytwo.insight.kpis.subjects import Facts
    from daytwo.insight.kpis.value import KpiValue

FIELDS = ("kpi_id", "since", "until", "site", "product_code", "title")
WEEKS_BEFORE = 26
"""How long a period a form begins with."""


@dataclass(frozen=True, slots=True)
class Otherwise:
    """A baseline's period by the newest version of the definition, beside what was frozen.

    Args:
        of: The newest version.
        frozen: By the version it was frozen with, over the present record.
        newest: By the newest version.
    """

    of: Definition
    frozen: KpiValue
    newest: KpiValue


def unit(base: Baseline) -> str:
    """Return the unit of a baseline."""
    return definition(base.kpi_id, base.kpi_version).unit


def scope(base: Baseline) -> str:
    """Return of what a baseline is: all, or a site and product."""
    return " · ".join(filter(None, (base.site, base.product_code))) or _("everything")


def figure(base: Baseline) -> str:
    """Return a baseline's value with unit, n and interval."""
    return f"{value(base)} · {basis(base)}"


def value(base: Baseline) -> str:
    """Return a baseline's value with its unit."""
    return _("unknown") if base.value is None else tiles.written(base.value, unit(base))


def basis(base: Baseline) -> str:
    """Return what a baseline rests on: n and interval."""
    span = _("interval unknown")
    if base.interval is not None:
        span = f"95{NARROW}% {interval(*base.interval, tiles.places(base.value))}"
    return f"n {base.n} · {span}"


def target(base: Baseline) -> str:
    """Return a baseline's target with its unit; none set is said."""
    return _("none set") if base.target is None else tiles.written(base.target, unit(base))


def newer(base: Baseline) -> int | None:
    """Return the newest version of the definition when a baseline was frozen by an older one."""
    newest = versions(base.kpi_id)[-1].version
    return newest if newest != base.kpi_version else None


def otherwise(base: Baseline) -> Otherwise | None:
    """Return what the newest version says of the period; None when it is the baseline's own."""
    version = newer(base)
    if version is None:
        return None
    return standing(_otherwise, base, version).value


def begin(asked: dict[str, str]) -> dict[str, str]:
    """Return what a form to freeze begins with: what the address says, else the half year past."""
    yesterday = at(us(clock.now()), site_zone().key).date() - timedelta(days=1)
    usual = {
        "until": yesterday.isoformat(),
        "since": (yesterday - timedelta(weeks=WEEKS_BEFORE) + timedelta(days=1)).isoformat(),
    }
    given = {name: asked.get(name, "").strip() for name in FIELDS}
    return {name: value or usual.get(name, "") for name, value in given.items()}


def freeze_href(asked: Filter, kpi_id: str) -> str:
    """Return where the figure that a filter shows can be frozen."""
    query = {"kpi_id": kpi_id, "site": asked.site, "product_code": asked.product}
    if asked.since is not None:
        last = (asked.until or _today() + timedelta(days=1)) - timedelta(days=1)
        query |= {"since": asked.since.isoformat(), "until": last.isoformat()}
    kept = {name: value for name, value in query.items() if value}
    return f"{reverse('web:baselines.freeze')}?{urlencode(kept)}"


def number_for(kpi_id: str) -> str:
    """Return the number that a new baseline gets."""
    return queries.next_number(kpi_id)


def _today() -> date:
    return at(us(clock.now()), site_zone().key).date()


def _otherwise(facts: Facts, base: Baseline, version: int) -> Otherwise:
    from daytwo.insight.kpis.evaluate import evaluate  # noqa: PLC0415 - loads the engine

    question = asking.question(
        since=base.since, until=base.until, site=base.site, product_code=base.product_code
    )
    by = [definition(base.kpi_id, one) for one in (base.kpi_version, version)]
    return Otherwise(by[1], *(evaluate(of, facts, question) for of in by))


def _end(base: Baseline, side: int) -> float | None:
    return base.interval[side] if base.interval else None


COLUMNS: tuple[tables.Column[Baseline], ...] = (
    tables.Column("kpi", gettext_lazy("KPI"), lambda b: b.kpi_id),
    tables.Column("scope", gettext_lazy("Of"), scope),
    tables.Column("since", gettext_lazy("From"), lambda b: b.since),
    tables.Column("until", gettext_lazy("To"), lambda b: b.until),
    tables.Column("value", gettext_lazy("Baseline"), lambda b: b.value, number=True),
    tables.Column("unit", gettext_lazy("Unit"), unit),
    tables.Column("n", gettext_lazy("n"), lambda b: b.n, number=True),
    tables.Column("low", gettext_lazy("95 % from"), lambda b: _end(b, 0), number=True),
    tables.Column("high", gettext_lazy("95 % to"), lambda b: _end(b, 1), number=True),
    tables.Column("version", gettext_lazy("Definition"), lambda b: b.kpi_version, number=True),
    tables.Column("target", gettext_lazy("Target"), lambda b: b.target, number=True),
    tables.Column("due", gettext_lazy("By"), lambda b: b.target_on or None),
    tables.Column("signed", gettext_lazy("Frozen by"), lambda b: b.frozen_by),
    tables.Column("seq", gettext_lazy("Snapshot, event"), lambda b: b.ledger_seq, number=True),
    tables.Column("state", gettext_lazy("State"), lambda b: b.state),
)
