"""The HTTP interface for programs: the commands and queries of the record, as JSON."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache, wraps
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, re_path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from daytwo import __version__
from daytwo.doors.api import v1
from daytwo.doors.api.bodies import HeldBody
from daytwo.doors.api.failures import answer, not_allowed
from daytwo.doors.api.guards import guards
from daytwo.doors.api.shapes.receipts import FAILURES
from daytwo.record.access.enums import Permission

if TYPE_CHECKING:
    from collections.abc import Callable

DESCRIPTION = """\
Every act of the record that a program may need, and what can be read from it.

**Who.** A person's bearer token, or the session of POST /api/v1/session; a session also sends
X-CSRFToken with what is not a GET. Rights are those of the person's roles.

**Acts.** POST with the command's own arguments and a `command_id` (or the header Idempotency-Key)
made by the sender: the same id twice is one act, and answers the same. Times are the server's.

**Signatures.** An act that declares `x-signatures` is first sent to its `/statement`, which
answers what is to be signed. Then the act itself is sent with `signing`: the challenge, the
password and, where enrolled, the code. A token or session alone signs nothing.

**Failures** are `{code, detail, info}`: 400 unreadable, 401 nobody is signed in, 403 not this
person, 404 no such thing, 409 a rule said no (nothing was changed), 413 too large, 415 not JSON,
422 not of this act's form (the fields are named), 500 and 503 ours."""


class Door(NinjaAPI):
    """ninja's interface; below its address every answer is JSON, whatever was asked."""

    @property
    def urls(self) -> tuple[list[Any], str, str]:
        """Return the addresses, each sheltered, and one that answers for all others."""
        patterns, app_name, namespace = super().urls
        sheltered: list[Any] = [
            URLPattern(p.pattern, _sheltered(p.callback), p.default_args, p.name)
            for p in patterns
            if isinstance(p, URLPattern)
        ]
        return [*sheltered, re_path(r"", _sheltered(_nowhere))], app_name, namespace


def make() -> Door:
    """Return the interface with every capability's addresses in it."""
    door = Door(
        title="daytwo",
        version=__version__,
        description=DESCRIPTION,
        urls_namespace="api",
        openapi_url=None,
        docs_url=None,
        parser=HeldBody(),
    )
    for error in (Exception, Http404, HttpError, ValidationError):
        door.add_exception_handler(error, answer)  # type: ignore[arg-type]
    for found in pkgutil.iter_modules(v1.__path__, f"{v1.__name__}."):
        module = importlib.import_module(found.name)
        capability = found.name.rpartition(".")[2]
        door.add_router(f"/v1/{capability}", module.router, tags=[capability])
    _describe(door)
    return door


def _describe(door: Door) -> None:
    @door.get(
        "/openapi.json",
        auth=guards(Permission.ACCOUNT_OWN),
        response={200: dict[str, Any], **FAILURES},
        operation_id="openapi",
        openapi_extra={"x-permission": str(Permission.ACCOUNT_OWN)},
    )
    def openapi(request: HttpRequest) -> Any:  # noqa: ARG001 - ninja's form
        """Return this description: every address, body, permission, event and signature."""
        return description()

    @cache
    def description() -> dict[str, Any]:
        return dict(door.get_openapi_schema())


def _sheltered(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @csrf_exempt
    @wraps(view)
    def within(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except Exception as error:  # noqa: BLE001 - the last wall before an HTML page
            return answer(request, error)
        if response.status_code == 405:  # noqa: PLR2004 - ninja answers this one as text
            return not_allowed(response.headers.get("Allow", ""))
        return response

    return within


def _nowhere(request: HttpRequest) -> HttpResponse:
    raise Http404(request.path)


api = make()
