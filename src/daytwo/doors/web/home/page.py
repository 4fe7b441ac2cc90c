"""The start: sends each person to the first page of their work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from daytwo.doors.web import answers, visitors
from daytwo.doors.web.pages import Page, discover

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PAGE = Page("", _("Start"), None)

_FIRST = {
    "order.issue": "live.live",
    "batch.dispose": "release.queue",
    "batch.execute": "live.live",
    "people.manage": "people.people",
    "mbr.write": "masters.masters",
    "value.manage": "leadership.leadership",
    "audit.read": "trail.trail",
}
"""Where the work of whoever holds a permission begins; the first that fits."""


@PAGE.route()
def start(request: HttpRequest) -> HttpResponse:
    """Go to the first page of this person's work, or to their account."""
    visitor = visitors.present(request)
    names = {route.name for page in discover() for route in page.routes}
    for permission, name in _FIRST.items():
        if visitor.may(permission) and name in names:
            return answers.go(name)
    open_to = (p for p in discover() if p.nav and (not p.permission or visitor.may(p.permission)))
    first = next(open_to, None)
    return answers.go(answers.first_view(first) if first else "account.account")
