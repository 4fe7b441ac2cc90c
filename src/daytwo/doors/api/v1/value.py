"""Value: initiatives, their baselines and measurements, what they are worth."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from daytwo.doors.api.acts import acts, reading
from daytwo.doors.api.shapes.value import AgainOut, BenefitsOut, InitiativeOut, MeasurementOut
from daytwo.insight.governance import again, commands, queries
from daytwo.record.access.enums import Permission

router = Router()
acts(
    router,
    commands.state_hypothesis,
    commands.freeze_baseline,
    commands.set_target,
    commands.go_live,
    commands.measure,
    commands.sign,
    commands.withdraw,
)
Kpi = Annotated[str, Query(max_length=40, description="Only initiatives of this KPI.")]


@reading(router, "", Permission.KPI_READ, list[InitiativeOut])
def initiatives(request: HttpRequest, kpi: Kpi = "") -> Any:  # noqa: ARG001 - ninja's form
    """Return the initiatives with their baselines, the latest first."""
    return queries.initiatives(kpi)


@reading(router, "/benefits", Permission.KPI_READ, BenefitsOut)
def benefits(request: HttpRequest) -> Any:  # noqa: ARG001 - ninja's form
    """Return what signed initiatives are worth: each year, and once; never added together."""
    return queries.benefits()


@reading(router, "/measurements/{path:initiative_id}", Permission.KPI_READ, list[MeasurementOut])
def measurements(request: HttpRequest, initiative_id: str) -> Any:  # noqa: ARG001
    """Return what was measured for an initiative, the latest first."""
    return queries.measurements(queries.initiative(initiative_id).initiative_id)


@reading(router, "/again/{path:initiative_id}", Permission.KPI_READ, AgainOut)
def made_again(request: HttpRequest, initiative_id: str) -> Any:  # noqa: ARG001 - ninja's form
    """Make a frozen figure again from the events up to its snapshot; takes some seconds."""
    found = again.again(queries.frozen(initiative_id))
    return {
        "initiative_id": initiative_id,
        "equal": found.equal,
        "value": queries.written(found.made.value.value),
        "n": found.made.value.n,
        "subjects_sha256": found.made.subjects_sha256,
        "ledger_seq": found.made.ledger_seq,
    }
