"""What a page is, and how it is found: one folder, one `PAGE`, no list to keep."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from daytwo.doors.web import failures, keys, visitors
from daytwo.kernel.errors import DaytwoError, Denied

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

__all__ = ["Group", "Nav", "Page", "Route", "discover", "guard", "keys"]

View = Callable[..., HttpResponse]


class Group(StrEnum):
    """A heading of the left rail; the order here is the order on the page."""

    EXECUTE = "execute"
    MASTER = "master"
    RELEASE = "release"
    PERFORMANCE = "performance"
    SYSTEM = "system"

    @property
    def heading(self) -> _StrPromise:
        """The heading in the reader's language."""
        return _GROUP_TITLES[self]


_GROUP_TITLES = {
    Group.EXECUTE: _("Execute"),
    Group.MASTER: _("Master records"),
    Group.RELEASE: _("Release"),
    Group.PERFORMANCE: _("Performance"),
    Group.SYSTEM: _("System"),
}


@dataclass(frozen=True, slots=True)
class Nav:
    """Where a page stands in the left rail.

    Args:
        group: The heading it stands under.
        order: Its place under that heading, smallest first.
        label: A shorter name than the page's title, if the rail needs one.
    """

    group: Group
    order: int
    label: _StrPromise | str | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """One address of a page and the view that answers there."""

    path: str
    name: str
    view: View
    methods: tuple[str, ...]
    permission: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of this door.

    Args:
        url: Its address, without a leading slash and with a closing one.
        title: Its name in the reader's language.
        permission: What the visitor must hold; None asks only for a signed-in person.
        nav: Its place in the left rail; None keeps it out.
        public: Reachable without signing in (the sign-in page itself, and nothing else of weight).
        duty: Reachable by a signed-in person who must first settle something (a new password).
    """

    url: str
    title: _StrPromise | str
    permission: str | None
    nav: Nav | None = None
    public: bool = False
    duty: bool = False
    routes: list[Route] = field(default_factory=list, compare=False)

    def route(
        self,
        sub: str = "",
        *,
        methods: Sequence[str] = ("GET",),
        permission: str | None = None,
    ) -> Callable[[View], View]:
        """Register a view of this page under `<folder>.<function>`.

        Args:
            sub: What follows the page's address.
            methods: The HTTP methods the view answers; HEAD comes with GET.
            permission: A stricter permission than the page's own.

        Returns:
            A decorator that leaves the function unchanged.
        """

        def register(view: View) -> View:
            folder = view.__module__.rsplit(".", 2)[-2]
            name = f"{folder}.{view.__name__}"
            needed = permission or self.permission
            self.routes.append(Route(self.url + sub, name, view, tuple(methods), needed))
            return view

        return register

    def patterns(self) -> list[URLPattern]:
        """Return the url patterns of this page, each behind its guard."""
        return [path(r.path, guard(self, r), name=r.name) for r in self.routes]


def guard(page: Page, route: Route) -> View:
    """Return the view that first asks who is there and whether they may.

    References:
        21 CFR 11.10(d), (g): access limited to authorised persons, checked on the server.
    """
    allowed = (*route.methods, "HEAD") if "GET" in route.methods else route.methods

    @functools.wraps(route.view)
    def guarded(request: HttpRequest, **parts: Any) -> HttpResponse:
        if not page.public:
            visitor = visitors.of(request)
            if visitor is None:
                return visitors.to_sign_in(request)
            if visitor.duty and not page.duty:
                return visitors.to_duty(request, visitor.duty)
            if route.permission is not None and not visitor.may(route.permission):
                return failures.answer(request, _shut(page, route))
        if request.method not in allowed:
            return HttpResponseNotAllowed(allowed)
        if _holds_zero(request):
            return failures.bad_request(request)
        try:
            return route.view(request, **parts)
        except DaytwoError as error:
            return failures.answer(request, error)

    return guarded


def _holds_zero(request: HttpRequest) -> bool:
    """Tell a zero byte in a field: no keyboard makes one, and PostgreSQL refuses it."""
    return any(
        "\0" in text
        for fields in (request.GET, request.POST)
        for _name, values in fields.lists()
        for text in values
    )


def _shut(page: Page, route: Route) -> Denied:
    return Denied(
        "web.permission",
        gettext("Your role does not open this page."),
        {"permission": str(route.permission), "page": str(page.title)},
    )


@functools.cache
def discover() -> tuple[Page, ...]:
    """Return every page of this door, found by folder, in the order of the rail."""
    return tuple(sorted(_found(), key=_rail_order))


def _found() -> Iterator[Page]:
    package = importlib.import_module(__package__ or "daytwo.doors.web")
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        if not module.ispkg:
            continue
        folder = importlib.import_module(module.name)
        if any(m.name == "page" for m in pkgutil.iter_modules(folder.__path__)):
            yield importlib.import_module(f"{module.name}.page").PAGE


def _rail_order(page: Page) -> tuple[int, int, str]:
    if page.nav is None:
        return (len(Group), 0, page.url)
    return (list(Group).index(page.nav.group), page.nav.order, page.url)
