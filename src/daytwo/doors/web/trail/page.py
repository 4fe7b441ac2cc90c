"""The audit trail: every event, searched and sorted by who, what, when and why."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from daytwo.doors.web import answers, tables
from daytwo.doors.web.formats import site_zone
from daytwo.doors.web.pages import Group, Nav, Page
from daytwo.kernel import clock
from daytwo.kernel.errors import Unknown
from daytwo.record.access.enums import Permission
from daytwo.record.access.queries import find_mapping
from daytwo.record.ledger.reading import SORTABLE, one_event, search

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from daytwo.record.access.models import MappingVersion
    from daytwo.record.ledger.envelope import Recorded

PAGE = Page("trail/", _("Audit trail"), Permission.AUDIT_READ, Nav(Group.SYSTEM, 25))

_MOST = 100
_FIELDS = ("actor", "stream", "type", "since", "until", "reason")
_COLUMNS: tuple[tables.Column[Recorded], ...] = (
    tables.Column("seq", _("Event"), lambda e: e.seq, number=True),
    tables.Column("recorded_at", _("When"), lambda e: e.recorded_text),
    tables.Column("actor_id", _("Who"), lambda e: f"{e.actor.name} ({e.actor.id}), {e.actor.role}"),
    tables.Column("type", _("What"), lambda e: e.type),
    tables.Column("stream", _("On"), lambda e: e.stream),
    tables.Column("reason", _("Why"), lambda e: e.reason or ""),
)


@PAGE.route()
def trail(request: HttpRequest) -> HttpResponse:
    """Search the trail; the order and the filter stay in the address."""
    asked = {name: request.GET.get(name, "").strip() for name in _FIELDS}
    order = request.GET.get("sort", "-seq")
    order = order if order.lstrip("-") in SORTABLE else "-seq"
    page = request.GET.get("page", "")
    offset = (int(page) if page.isdecimal() and len(page) < 6 else 0) * _MOST  # noqa: PLR2004 -- a bound
    rows = search(
        actor=asked["actor"],
        stream=asked["stream"],
        type_=asked["type"],
        since=_moment(asked["since"]),
        until=_moment(asked["until"], after=1),
        reason=asked["reason"],
        order=order,
        limit=_MOST + 1,
        offset=offset,
    )
    view = tables.arranged(request, _COLUMNS, rows[:_MOST], order)
    context = {"view": view, "asked": asked, "more": len(rows) > _MOST, "page": offset // _MOST}
    return tables.as_csv(request, "audit-trail", _COLUMNS, view) or answers.page(
        request, "trail/trail.html", context
    )


@PAGE.route("<int:seq>/")
def event(request: HttpRequest, seq: int) -> HttpResponse:
    """Show one event in whole: envelope, content, chain."""
    found = one_event(seq) if seq < 2**62 else None
    if found is None:
        raise Unknown("ledger.event_unknown", now_("There is no event of this number."))
    return answers.page(request, "trail/event.html", {"e": found, "mapping": _mapping(found)})


def _mapping(event: Recorded) -> MappingVersion | None:
    """Return the mapping on the record that an imported event was made by, if it is there."""
    ref = event.origin["ref"] if event.origin["kind"] == "import" else None
    mapping_id, _space, version = str((ref or {}).get("mapping", "")).rpartition(" v")
    return find_mapping(mapping_id, int(version)) if mapping_id and version.isdecimal() else None


def _moment(day: str, *, after: int = 0) -> str:
    """Return the start of a day in the site's zone as the record spells times, or nothing."""
    try:
        start = datetime.fromisoformat(day).replace(tzinfo=site_zone()) + timedelta(days=after)
        return clock.stamp(start)
    except (ValueError, OverflowError):
        return ""
