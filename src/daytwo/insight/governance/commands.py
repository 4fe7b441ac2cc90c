"""Verbs of governance: state, freeze, set a target, go live, measure, confirm, withdraw."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from daytwo.insight.governance import rules
from daytwo.insight.governance.enums import InitiativeState
from daytwo.insight.governance.events import (
    ActionLive,
    BaselineFrozen,
    HypothesisStated,
    TargetSet,
    ValueMeasured,
    ValueSigned,
    ValueWithdrawn,
)
from daytwo.insight.governance.models import Initiative
from daytwo.insight.governance.queries import (
    Figure,
    checkpoint,
    figure,
    figure_content,
    initiative,
    interval_of,
    measurements,
    read,
    target_content,
    written,
)
from daytwo.insight.kpis import asking
from daytwo.insight.kpis.calendar import us
from daytwo.insight.kpis.definition import definition
from daytwo.kernel.errors import Refused
from daytwo.record.access.authority import Context, command
from daytwo.record.access.enums import Meaning, Permission
from daytwo.record.access.rules import check_other_person
from daytwo.record.ledger.append import Pending

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


def _stream(arguments: Mapping[str, Any]) -> tuple[str, ...]:
    return (f"value/{arguments['initiative_id']}",)


@command(
    "value.state_hypothesis",
    permission=Permission.VALUE_MANAGE,
    emits=(HypothesisStated,),
    locks=_stream,
)
def state_hypothesis(
    ctx: Context,  # noqa: ARG001 - a command's form
    *,
    initiative_id: str,
    title: str,
    kpi_id: str,
    site: str = "",
    product_code: str = "",
    expected_change: str = "",
    promised_eur_per_year: str = "",
    rationale: str = "",
) -> list[Pending]:
    """Say what will get better, by how much and why, before anything is done."""
    _check_new(initiative_id, title, kpi_id, site, product_code)
    rules.check_number("The expected change", expected_change, needed=False)
    rules.check_number("What it is worth", promised_eur_per_year, needed=False)
    stated = HypothesisStated(
        initiative_id,
        title,
        kpi_id,
        site,
        product_code,
        expected_change,
        promised_eur_per_year,
        rationale,
    )
    return [Pending(f"value/{initiative_id}", stated)]


@command(
    "value.freeze_baseline",
    permission=Permission.VALUE_MANAGE,
    emits=(HypothesisStated, BaselineFrozen),
    signed=(Meaning.BASELINE_FROZEN,),
    locks=_stream,
)
def freeze_baseline(
    ctx: Context,
    *,
    initiative_id: str,
    since: str,
    until: str,
    version: int = 0,
    kpi_id: str = "",
    title: str = "",
    site: str = "",
    product_code: str = "",
) -> list[Pending]:
    """Freeze the figure before, signed, with the definition's version and the data behind it.

    With a KPI the initiative begins here: nothing is promised yet, a figure is kept to compare
    with. Without one it was stated before, and says which KPI, site and product it is of.
    """
    stream, first = f"value/{initiative_id}", []
    if kpi_id:
        _check_new(initiative_id, title, kpi_id, site, product_code)
        row = Initiative(
            initiative_id=initiative_id, kpi_id=kpi_id, site=site, product_code=product_code
        )
        stated = HypothesisStated(initiative_id, title, kpi_id, site, product_code)
        first = [Pending(stream, stated)]
    else:
        row = initiative(initiative_id)
        rules.check_may(row.state, InitiativeState.FROZEN)
    used = version or definition(row.kpi_id).version
    of = _figure(row, used, since, until, ctx.now)
    if of.value.value is None:
        raise Refused("value.unknown_figure", "Nothing counts in that period: freeze another.")
    number, root = checkpoint()
    content = figure_content(row, of, since, until)
    signature = ctx.sign(Meaning.BASELINE_FROZEN, stream, "baseline", content)
    frozen = BaselineFrozen(
        initiative_id=initiative_id,
        kpi_id=row.kpi_id,
        kpi_version=used,
        since=since,
        until=until,
        n=of.value.n,
        coverage=written(of.value.coverage),
        excluded=sum(n for _, n in of.value.excluded),
        open=of.value.open or 0,
        subjects_sha256=of.subjects_sha256,
        ledger_seq=of.ledger_seq,
        checkpoint=number,
        checkpoint_root=root,
        **_written(of),
    )
    return [*first, signature, Pending(stream, frozen)]


@command(
    "value.set_target",
    permission=Permission.VALUE_MANAGE,
    emits=(TargetSet,),
    signed=(Meaning.TARGET_SET,),
    locks=_stream,
)
def set_target(
    ctx: Context, *, initiative_id: str, target: str, due_on: str, reason: str
) -> list[Pending]:
    """Set what is to be reached and by when, signed, with the reason; a baseline comes before."""
    row = initiative(initiative_id)
    if row.state not in {InitiativeState.FROZEN, InitiativeState.LIVE, InitiativeState.MEASURED}:
        raise Refused("value.state", "Freeze a baseline first: a target is set against it.")
    rules.check_number("The target", target)
    rules.check_said("reason", reason)
    if _day(due_on) <= _day(row.base_until):
        raise Refused("value.overlap", "The target's day must come after the baseline's period.")
    stream = f"value/{initiative_id}"
    content = target_content(row, target, due_on, reason)
    signature = ctx.sign(Meaning.TARGET_SET, stream, "target", content)
    return [signature, Pending(stream, TargetSet(initiative_id, target, due_on), reason=reason)]


@command("value.go_live", permission=Permission.VALUE_MANAGE, emits=(ActionLive,), locks=_stream)
def go_live(
    ctx: Context,  # noqa: ARG001 - a command's form
    *,
    initiative_id: str,
    live_on: str,
    action: str,
    confounders: str = "",
) -> list[Pending]:
    """Say that the action is in use, from which day, and what else changed meanwhile."""
    row = initiative(initiative_id)
    rules.check_may(row.state, InitiativeState.LIVE)
    rules.check_said("action", action)
    if _day(live_on) <= _day(row.base_until):
        raise Refused("value.overlap", "The baseline's period must have ended before.")
    live = ActionLive(initiative_id, live_on, action, confounders)
    return [Pending(f"value/{initiative_id}", live)]


@command("value.measure", permission=Permission.VALUE_MANAGE, emits=(ValueMeasured,), locks=_stream)
def measure(
    ctx: Context,
    *,
    initiative_id: str,
    since: str,
    until: str,
) -> list[Pending]:
    """Measure the figure after, by the definition that the baseline was frozen with."""
    row = initiative(initiative_id)
    rules.check_may(row.state, InitiativeState.MEASURED)
    if _day(since) < _day(row.live_on):
        raise Refused("value.overlap", "Measure from the day on which the action went live.")
    of = _figure(row, row.kpi_version or 1, since, until, ctx.now)
    moved = rules.change(read(row.base_value), of.value.value)
    measured = ValueMeasured(
        initiative_id=initiative_id,
        kpi_version=row.kpi_version or 1,
        since=since,
        until=until,
        n=of.value.n,
        change=written(moved),
        beyond_noise=rules.beyond_noise(
            interval_of(row.base_low, row.base_high), of.value.interval
        ),
        subjects_sha256=of.subjects_sha256,
        ledger_seq=of.ledger_seq,
        **_written(of),
    )
    return [Pending(f"value/{initiative_id}", measured)]


@command(
    "value.sign",
    permission=Permission.VALUE_MANAGE,
    emits=(ValueSigned,),
    signed=(Meaning.VALUE_CONFIRMED,),
    locks=_stream,
)
def sign(
    ctx: Context,
    *,
    initiative_id: str,
    recurring_eur_per_year: str,
    one_off_eur: str,
    run_cost_eur_per_year: str,
    rationale: str,
) -> list[Pending]:
    """Confirm what a change is worth, signed by another person than who promised it."""
    row = initiative(initiative_id)
    rules.check_may(row.state, InitiativeState.SIGNED)
    check_other_person(row.stated_by_id, ctx.person.id, "Confirming a benefit")
    sums = {
        "What it is worth each year": recurring_eur_per_year,
        "What it is worth once": one_off_eur,
        "What it costs each year": run_cost_eur_per_year,
    }
    for name, text in sums.items():
        rules.check_number(name, text)
    rules.check_said("reckoning", rationale)
    last = measurements(initiative_id)[0]
    euros = max(Decimal(recurring_eur_per_year), Decimal(one_off_eur))
    rules.check_proven(
        definition(row.kpi_id, row.kpi_version).trend,
        read(last.change),
        apart=last.beyond_noise,
        euros=euros,
    )
    stream = f"value/{initiative_id}"
    content = {
        "initiative": initiative_id,
        "kpi": row.kpi_id,
        "version": row.kpi_version,
        "before": row.base_value,
        "after": last.value,
        "change": last.change,
        "recurring_eur_per_year": recurring_eur_per_year,
        "one_off_eur": one_off_eur,
        "run_cost_eur_per_year": run_cost_eur_per_year,
        "rationale": rationale,
    }
    signature = ctx.sign(Meaning.VALUE_CONFIRMED, stream, "value", content)
    signed = ValueSigned(
        initiative_id, recurring_eur_per_year, one_off_eur, run_cost_eur_per_year, rationale
    )
    return [signature, Pending(stream, signed)]


@command(
    "value.withdraw", permission=Permission.VALUE_MANAGE, emits=(ValueWithdrawn,), locks=_stream
)
def withdraw(
    ctx: Context,  # noqa: ARG001 - a command's form
    *,
    initiative_id: str,
    reason: str,
) -> list[Pending]:
    """Give an initiative up, with the reason; its baseline no longer counts."""
    row = initiative(initiative_id)
    rules.check_may(row.state, InitiativeState.WITHDRAWN)
    rules.check_said("reason", reason)
    return [Pending(f"value/{initiative_id}", ValueWithdrawn(initiative_id), reason=reason)]


def _check_new(initiative_id: str, title: str, kpi_id: str, site: str, product_code: str) -> None:
    rules.check_said("number of the initiative", initiative_id)
    rules.check_said("title", title)
    of = definition(kpi_id)
    rules.check_told_apart(of.dimensions, site=site, product_code=product_code)
    if Initiative.objects.filter(initiative_id=initiative_id).exists():
        raise Refused("value.exists", f"There is an initiative {initiative_id} already.")


def _figure(row: Initiative, version: int, since: str, until: str, at: datetime) -> Figure:
    if _day(until) < _day(since):
        raise Refused("value.period", "The last day comes before the first.")
    return figure(
        row.kpi_id,
        version,
        since=since,
        until=until,
        site=row.site,
        product_code=row.product_code,
        facts=replace(asking.current_facts(), now_us=us(at)),
    )


def _written(of: Figure) -> dict[str, str]:
    low, high = of.value.interval or (None, None)
    return {"value": written(of.value.value), "low": written(low), "high": written(high)}


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("value.day", f"{text!r} is no day: write it as YYYY-MM-DD.") from None
