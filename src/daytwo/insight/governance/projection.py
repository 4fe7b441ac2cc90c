"""The only writer of governance's rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.insight.governance.enums import InitiativeState
from daytwo.insight.governance.models import Initiative, Measurement
from daytwo.record.ledger.projections import Projection
from daytwo.record.ledger.rows import insert

if TYPE_CHECKING:
    from daytwo.record.ledger.envelope import Recorded

governance = Projection("governance", (Initiative, Measurement))


@governance.on("value.hypothesis.stated")
def _stated(event: Recorded) -> None:
    data = event.data
    insert(
        Initiative,
        initiative_id=data.initiative_id,
        title=data.title,
        kpi_id=data.kpi_id,
        site=data.site,
        product_code=data.product_code,
        expected_change=data.expected_change,
        promised_eur_per_year=data.promised_eur_per_year,
        rationale=data.rationale,
        state=InitiativeState.STATED,
        stated_by_id=event.doer.id,
        stated_by=event.doer.name,
        stated_at=event.occurred_text,
    )


@governance.on("value.baseline.frozen")
def _frozen(event: Recorded) -> None:
    data = event.data
    _change(
        event,
        state=InitiativeState.FROZEN,
        kpi_version=data.kpi_version,
        base_since=data.since,
        base_until=data.until,
        base_value=data.value,
        base_low=data.low,
        base_high=data.high,
        base_n=data.n,
        base_seq=event.seq,
        base_ledger_seq=data.ledger_seq,
        base_checkpoint=data.checkpoint,
        base_root=data.checkpoint_root,
        base_sha256=data.subjects_sha256,
        frozen_by=event.doer.name,
        frozen_at=event.occurred_text,
    )


@governance.on("value.target.set")
def _target(event: Recorded) -> None:
    _change(event, target=event.data.target, target_on=event.data.due_on)


@governance.on("value.action.live")
def _live(event: Recorded) -> None:
    data = event.data
    _change(
        event,
        state=InitiativeState.LIVE,
        live_on=data.live_on,
        action=data.action,
        confounders=data.confounders,
    )


@governance.on("value.measured")
def _measured(event: Recorded) -> None:
    data = event.data
    insert(
        Measurement,
        event_seq=event.seq,
        initiative_id=data.initiative_id,
        since=data.since,
        until=data.until,
        value=data.value,
        low=data.low,
        high=data.high,
        n=data.n,
        change=data.change,
        beyond_noise=data.beyond_noise,
        measured_by=event.doer.name,
        measured_at=event.occurred_text,
    )
    _change(event, state=InitiativeState.MEASURED)


@governance.on("value.signed")
def _signed(event: Recorded) -> None:
    data = event.data
    _change(
        event,
        state=InitiativeState.SIGNED,
        recurring_eur_per_year=data.recurring_eur_per_year,
        one_off_eur=data.one_off_eur,
        run_cost_eur_per_year=data.run_cost_eur_per_year,
        signed_by=event.doer.name,
        signed_at=event.occurred_text,
    )


@governance.on("value.withdrawn")
def _withdrawn(event: Recorded) -> None:
    _change(event, state=InitiativeState.WITHDRAWN, ended_reason=event.reason or "")


def _change(event: Recorded, **values: object) -> None:
    Initiative.objects.filter(initiative_id=event.data.initiative_id).update(**values)
