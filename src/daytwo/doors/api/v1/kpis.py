"""KPIs: the definitions, their values from the record, and each value explained to its events."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from daytwo.doors.api.acts import reading
from daytwo.doors.api.shapes.kpis import KpiLine, KpiOut, SubjectOut
from daytwo.insight.kpis import definition, evaluate
from daytwo.record.access.enums import Permission

router = Router()
Product = Annotated[str, Query(max_length=100, description="Only this product code.")]


@reading(router, "", Permission.KPI_READ, list[KpiLine])
def kpis(request: HttpRequest) -> Any:  # noqa: ARG001 - ninja's form
    """Return the definitions."""
    return definition.all_definitions()


@reading(router, "/{kpi_id}", Permission.KPI_READ, KpiOut)
def kpi(request: HttpRequest, kpi_id: str, product: Product = "") -> Any:  # noqa: ARG001
    """Return a KPI's value with n, coverage, interval and what was left out."""
    return evaluate.show(kpi_id, product_code=product).as_json()


@reading(router, "/{kpi_id}/explanation", Permission.KPI_READ, list[SubjectOut])
def explanation(request: HttpRequest, kpi_id: str, product: Product = "") -> Any:  # noqa: ARG001
    """Return every subject with its value or reason, and the two events behind it."""
    return evaluate.explain(kpi_id, product_code=product)
