"""Readings of governance: initiatives, the baseline of a KPI, figures to freeze, benefits."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings

from daytwo.insight.governance.enums import InitiativeState
from daytwo.insight.governance.models import Initiative, Measurement
from daytwo.insight.kpis import asking, explain
from daytwo.insight.kpis.definition import definition
from daytwo.kernel.canonical import canonical
from daytwo.kernel.errors import Unknown
from daytwo.record.ledger.checkpoint import latest

if TYPE_CHECKING:
    from daytwo.insight.kpis.explain import Subject
    from daytwo.insight.kpis.subjects import Facts
    from daytwo.insight.kpis.value import KpiValue


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a KPI is compared with.

    Attributes:
        initiative_id: Which initiative froze it.
        title: Of the initiative.
        kpi_version: Version of the definition that it was made by.
        since: First day, ISO.
        until: Last day, ISO.
        value: In the KPI's unit; None when it was unknown.
        interval: At 95 %; None where there was none.
        n: What it rests on.
        target: What is to be reached; None where nobody set one.
        target_on: By which day, ISO; empty where nobody set one.
        frozen_by: Who signed.
        frozen_at: When, UTC text.
        seq: The ledger's number of the event.
        kpi_id: Which KPI.
        site: Only this site; empty for all.
        product_code: Only this product; empty for all.
        ledger_seq: Everything up to here in the ledger was in.
        checkpoint: Number of the checkpoint before; 0 where none was made.
        subjects_sha256: Digest over its subjects.
        state: Of the initiative.
    """

    initiative_id: str
    title: str
    kpi_version: int
    since: str
    until: str
    value: float | None
    interval: tuple[float, float] | None
    n: int
    target: float | None
    target_on: str
    frozen_by: str
    frozen_at: str
    seq: int
    kpi_id: str = ""
    site: str = ""
    product_code: str = ""
    ledger_seq: int = 0
    checkpoint: int = 0
    subjects_sha256: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A KPI's figure that can be made again: with its subjects' digest and where the ledger stood.

    Attributes:
        value: The figure.
        subjects_sha256: Digest over every subject with its state, value and events.
        ledger_seq: Everything up to here in the ledger is in.
    """

    value: KpiValue
    subjects_sha256: str
    ledger_seq: int


@dataclass(frozen=True, slots=True)
class Benefits:
    """What signed initiatives are worth (K35); the two sums are never added together.

    Attributes:
        signed: How many were signed.
        unproven: How many are under way: nothing is counted for them.
        recurring_eur_per_year: Signed, less what it costs to keep them.
        one_off_eur: Signed.
        promised_eur_per_year: What the signed ones had promised.
        realised: Recurring by promised; None when nothing was promised.
    """

    signed: int
    unproven: int
    recurring_eur_per_year: Decimal
    one_off_eur: Decimal
    promised_eur_per_year: Decimal
    realised: float | None


def initiative(initiative_id: str) -> Initiative:
    """Return one initiative; `Unknown` when there is none."""
    found = Initiative.objects.filter(initiative_id=initiative_id).first()
    if found is None:
        raise Unknown("value.unknown", f"There is no initiative {initiative_id}.")
    return found


def initiatives(kpi_id: str = "") -> list[Initiative]:
    """Return every initiative, or those of one KPI, the latest first."""
    found = Initiative.objects.order_by("-stated_at", "-initiative_id")
    return list(found.filter(kpi_id=kpi_id) if kpi_id else found)


def measurements(initiative_id: str) -> list[Measurement]:
    """Return what was measured for an initiative, the latest first."""
    return list(Measurement.objects.filter(initiative_id=initiative_id).order_by("-event_seq"))


def baseline(kpi_id: str, *, site: str = "", product_code: str = "") -> Baseline | None:
    """Return the baseline that a KPI of a site and product is compared with: the last frozen."""
    found = (
        Initiative.objects.filter(
            kpi_id=kpi_id, site=site, product_code=product_code, base_seq__isnull=False
        )
        .exclude(state=InitiativeState.WITHDRAWN)
        .order_by("-base_seq")
        .first()
    )
    return None if found is None else _baseline(found)


def in_force() -> dict[tuple[str, str, str], Baseline]:
    """Return, by KPI, site and product, the last baseline frozen and not withdrawn."""
    found = (
        Initiative.objects.filter(base_seq__isnull=False)
        .exclude(state=InitiativeState.WITHDRAWN)
        .order_by("base_seq")
    )
    return {(row.kpi_id, row.site, row.product_code): _baseline(row) for row in found}


def baselines(*, site: str = "", product_code: str = "") -> dict[str, Baseline]:
    """Return, by KPI, the last baseline frozen for a site and product; for all when left out."""
    asked = (site, product_code)
    return {kpi_id: base for (kpi_id, *of), base in in_force().items() if tuple(of) == asked}


def frozen(initiative_id: str) -> Baseline:
    """Return the baseline that an initiative froze; `Unknown` when it froze none."""
    row = initiative(initiative_id)
    if row.base_seq is None:
        raise Unknown("value.no_baseline", f"{initiative_id} froze no baseline.")
    return _baseline(row)


def all_frozen() -> list[Baseline]:
    """Return every baseline that was ever frozen, the latest first; withdrawn ones among them."""
    rows = Initiative.objects.filter(base_seq__isnull=False).order_by("-base_seq")
    return [_baseline(row) for row in rows]


def next_number(kpi_id: str) -> str:
    """Return the number that the next baseline of a KPI gets when nobody names one."""
    taken = set(
        Initiative.objects.filter(initiative_id__startswith=f"{kpi_id}-baseline-").values_list(
            "initiative_id", flat=True
        )
    )
    number = len(taken) + 1
    while f"{kpi_id}-baseline-{number}" in taken:
        number += 1
    return f"{kpi_id}-baseline-{number}"


def figure(
    kpi_id: str,
    version: int,
    *,
    since: str,
    until: str,
    site: str = "",
    product_code: str = "",
    facts: Facts | None = None,
) -> Figure:
    """Return a KPI's figure for a period, ready to be frozen; checked against its subjects.

    Args:
        kpi_id: Such as `K1`.
        version: Of the definition.
        since: First day, ISO.
        until: Last day, ISO.
        site: Only this site; empty for all.
        product_code: Only this product; empty for all.
        facts: Of which state of the ledger; None for the present one.
    """
    of = facts or asking.current_facts()
    question = asking.question(since=since, until=until, site=site, product_code=product_code)
    told = explain.explain(definition(kpi_id, version), of, question, limit=1_000_000)
    return Figure(told.value, _digest(told.subjects), of.seq)


def checkpoint() -> tuple[int, str]:
    """Return number and root of the latest checkpoint; 0 and nothing where none was made."""
    found = latest()
    return (0, "") if found is None else (found.number, str(found.body["root"]))


def figure_content(row: Initiative, of: Figure, since: str, until: str) -> dict[str, Any]:
    """Return what a signature under a frozen figure signs: all but where the ledger stood."""
    value = of.value
    return {
        "initiative": row.initiative_id,
        "kpi": value.definition.id,
        "version": value.definition.version,
        "narrowed_to": _scope(row),
        "since": since,
        "until": until,
        "time_zone": settings.SITE_TIME_ZONE,
        "value": written(value.value),
        "unit": value.definition.unit,
        "interval": _ends(value.interval),
        "n": value.n,
        "excluded": dict(value.excluded),
        "open": value.open,
        "subjects_sha256": of.subjects_sha256,
    }


def target_content(row: Initiative, target: str, due_on: str, reason: str) -> dict[str, Any]:
    """Return what a signature under a target signs."""
    return {
        "initiative": row.initiative_id,
        "kpi": row.kpi_id,
        "version": row.kpi_version,
        "narrowed_to": _scope(row),
        "baseline": row.base_value,
        "target": target,
        "unit": definition(row.kpi_id, row.kpi_version).unit,
        "due_on": due_on,
        "reason": reason,
    }


def benefits() -> Benefits:
    """Return what signed initiatives are worth; what is not signed counts nothing (K35)."""
    rows = list(Initiative.objects.exclude(state=InitiativeState.WITHDRAWN))
    signed = [row for row in rows if row.state == InitiativeState.SIGNED]
    recurring = sum(
        (Decimal(r.recurring_eur_per_year) - Decimal(r.run_cost_eur_per_year) for r in signed),
        Decimal(0),
    )
    promised = sum((Decimal(r.promised_eur_per_year or 0) for r in signed), Decimal(0))
    return Benefits(
        signed=len(signed),
        unproven=len(rows) - len(signed),
        recurring_eur_per_year=recurring,
        one_off_eur=sum((Decimal(r.one_off_eur) for r in signed), Decimal(0)),
        promised_eur_per_year=promised,
        realised=float(recurring / promised) if promised else None,
    )


def written(number: float | None) -> str:
    """Return a number as a decimal text of ten significant digits; empty for unknown.

    An engine adds floats in an order of its own, so the last digits of a sum are not the same
    twice; what is signed must be.
    """
    return "" if number is None else repr(float(f"{number:.10g}"))


def read(text: str) -> float | None:
    """Return the number that a decimal text stands for; None for an empty one."""
    return float(text) if text else None


def interval_of(low: str, high: str) -> tuple[float, float] | None:
    """Return an interval from its written ends; None where there is none."""
    return (float(low), float(high)) if low and high else None


def _scope(row: Initiative) -> dict[str, str]:
    asked = {"site": row.site, "product": row.product_code}
    return {name: value for name, value in asked.items() if value}


def _ends(interval: tuple[float, float] | None) -> dict[str, str] | None:
    return {"from": written(interval[0]), "to": written(interval[1])} if interval else None


def _baseline(row: Initiative) -> Baseline:
    return Baseline(
        initiative_id=row.initiative_id,
        title=row.title,
        kpi_version=row.kpi_version or 1,
        since=row.base_since,
        until=row.base_until,
        value=read(row.base_value),
        interval=interval_of(row.base_low, row.base_high),
        n=row.base_n or 0,
        target=read(row.target),
        target_on=row.target_on,
        frozen_by=row.frozen_by,
        frozen_at=row.frozen_at,
        seq=row.base_seq or 0,
        kpi_id=row.kpi_id,
        site=row.site,
        product_code=row.product_code,
        ledger_seq=row.base_ledger_seq or 0,
        checkpoint=row.base_checkpoint or 0,
        subjects_sha256=row.base_sha256,
        state=row.state,
    )


def _digest(subjects: tuple[Subject, ...]) -> str:
    lines = sorted(
        canonical(
            [
                s.subject,
                s.kind,
                s.state,
                s.why,
                written(s.value),
                written(s.numerator),
                written(s.denominator),
                s.start_seq,
                s.stop_seq,
            ]
        )
        for s in subjects
    )
    return hashlib.sha256(b"\n".join(lines)).hexdigest()
