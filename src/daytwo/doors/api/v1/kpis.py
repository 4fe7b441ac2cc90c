"""KPIs: the definitions, their values from the record, and each value explained to its events."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from daytwo.doors.api.acts import reading
from daytwo.doors.api.shapes.kpis import KpiLine, KpiOut, SubjectOut
from daytwo.insight.kpis import asking, definition, explain
from daytwo.record.access.enums import Permission

router = Router()
Product = Annotated[str, Query(max_length=100, description="Only this product code.")]
Site = Annotated[str, Query(max_length=100, description="Only this site.")]
Day = Annotated[str, Query(max_length=10, description="First or last day, YYYY-MM-DD of the site.")]
By = Annotated[str, Query(max_length=200, description="Dimensions, separated by commas.")]
Version = Annotated[int | None, Query(description="Version of the definition, else the newest.")]


@reading(router, "", Permission.KPI_READ, list[KpiLine])
def kpis(request: HttpRequest) -> Any:  # noqa: ARG001 - ninja's form
    """Return the definitions."""
    return definition.all_definitions()


@reading(router, "/{kpi_id}", Permission.KPI_READ, KpiOut)
def kpi(
    request: HttpRequest,  # noqa: ARG001
    kpi_id: str,
    product: Product = "",
    site: Site = "",
    since: Day = "",
    until: Day = "",
    version: Version = None,
    by: By = "",
) -> Any:
    """Return a KPI's value with n, coverage, interval and what was left out."""
    asked = {"product_code": product, "site": site, "since": since, "until": until}
    found = asking.show(kpi_id, version=version, **asked).as_json()
    if by:
        dimensions = tuple(by.split(","))
        groups = asking.groups(kpi_id, version=version, by=dimensions, **asked)
        found["groups"] = [group.as_json() for group in groups]
    return found


@reading(router, "/{kpi_id}/explanation", Permission.KPI_READ, list[SubjectOut])
def explanation(
    request: HttpRequest,  # noqa: ARG001
    kpi_id: str,
    product: Product = "",
    site: Site = "",
    since: Day = "",
    until: Day = "",
    version: Version = None,
) -> Any:
    """Return every subject with its value or reason, and the two events behind it."""
    found = asking.explained(
        kpi_id, version=version, product_code=product, site=site, since=since, until=until
    )
    return explain.as_rows(found.value.definition, found.subjects)
