"""How a view answers: a template with the shell's own facts around it, or a way back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import get_language
from markupsafe import Markup

from daytwo.doors.web import said as words
from daytwo.doors.web import session, standings, visitors
from daytwo.kernel import clock
from daytwo.record.access.rules import IDLE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    from daytwo.doors.web.pages import Group, Page


@dataclass(frozen=True, slots=True)
class Link:
    """One line of the left rail."""

    title: _StrPromise | str
    href: str
    here: bool


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Render a template inside its shell.

    Args:
        request: The request being answered.
        template: Path below this door, `<folder>/<name>.html`.
        context: What the template shows; the shell's facts are added.
        status: HTTP status of the answer.
    """
    answer = render(request, template, {**shell(request), **(context or {})}, status=status)
    words.once(request, answer)
    return answer


def part(template: str, context: Mapping[str, Any]) -> Markup:
    """Render a part of a page that is the same for everybody who may see it.

    Args:
        template: Path below this door, `<folder>/<name>.html`.
        context: All that it shows.
    """
    return Markup(render_to_string(template, dict(context)))  # noqa: S704 - a template escapes


def go(name: str, *, fragment: str = "", said: str = "", **parts: object) -> HttpResponseRedirect:
    """Redirect to a view of this door after a change, so that reloading does not repeat it.

    Args:
        name: The view.
        fragment: Where on its page.
        said: The act that the next page confirms, a key of `said.SAID`.
        **parts: The parts of the view's address.
    """
    address = reverse(f"web:{name}", kwargs=parts or None)
    answer = HttpResponseRedirect(f"{address}#{fragment}" if fragment else address)
    if said in words.SAID:
        words.say(answer, said)
    return answer


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return what the shell around every page shows, whoever asks."""
    visitor = visitors.of(request)
    return {
        "visitor": visitor,
        "rail": _rail(request, visitor),
        "language": get_language() or "en",
        "shown_at": clock.now(),
        "said": words.said(request),
        "figures_stood": standings.stood(request),
        "idle_seconds": IDLE_SECONDS - session.GRAIN_SECONDS,
        "fragment": request.headers.get("HX-Request") == "true",
    }


def _rail(
    request: HttpRequest, visitor: visitors.Visitor | None
) -> list[tuple[_StrPromise, list[Link]]]:
    """Return the rail's groups with the pages that this visitor may open."""
    if visitor is None:
        return []
    here = _here(request)
    return [
        (group.heading, [Link(title, href, href == here) for title, href, _ in pages])
        for group, entries in groupby(_entries(), key=lambda e: e[0])
        if (pages := [e[1:] for e in entries if e[3] is None or visitor.may(e[3])])
    ]


@cache
def _entries() -> tuple[tuple[Group, _StrPromise | str, str, str | None], ...]:
    """Return every line of the rail: group, title, address, permission."""
    from daytwo.doors.web.pages import discover  # noqa: PLC0415 -- pages import this module

    return tuple(
        (p.nav.group, p.nav.label or p.title, reverse(f"web:{first_view(p)}"), p.permission)
        for p in discover()
        if p.nav is not None
    )


def first_view(found: Page) -> str:
    """Return the view at the page's own address; views of other modules may register before it."""
    own = (route.name for route in found.routes if route.path == found.url)
    return next(own, found.routes[0].name)


def _here(request: HttpRequest) -> str:
    """Return the address of the page whose folder answers this request."""
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return ""
    folder = (match.url_name or "").partition(".")[0]
    return next((href for name, href in _homes().items() if name == folder), "")


@cache
def _homes() -> dict[str, str]:
    from daytwo.doors.web.pages import discover  # noqa: PLC0415 -- pages import this module

    return {
        first_view(p).partition(".")[0]: reverse(f"web:{first_view(p)}")
        for p in discover()
        if p.nav is not None
    }
