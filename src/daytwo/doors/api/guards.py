"""Who is asking, and may they: a program's token or a browser's session, then the role matrix."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

from django.middleware.csrf import CsrfViewMiddleware
from django.utils.translation import gettext as _

from daytwo.doors.api.bodies import check_content_type, check_signs, read_body
from daytwo.doors.api.failures import DoorRefused
from daytwo.doors.api.fields import ID_PATTERN
from daytwo.record.access.authority import By, admit
from daytwo.record.access.bearer import bearer
from daytwo.record.access.errors import NotSignedIn

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from daytwo.record.access.authority import Command
    from daytwo.record.access.enums import Permission

CHANNEL = "api"
_ID = re.compile(ID_PATTERN[1:-1])
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Guard:
    """Lets a request in under one permission, or refuses it before its body is judged.

    A refusal of an act is recorded like one inside the record: the act's own admission makes it.

    Args:
        permission: What the person's roles must give.
        command: The command behind an act; None for a reading.

    References:
        21 CFR 11.10(d), (g); EU GMP Annex 11 §12: authority is checked on the server every time.
    """

    def __init__(self, permission: Permission, command: Command | None = None) -> None:
        """Keep what is asked for."""
        self._permission = permission
        self._command = command

    def __call__(self, request: HttpRequest) -> By | None:
        """Return under whose authority the request acts; None when another guard must say."""
        by = self.identify(request)
        if by is None:
            return None
        check_address(request)
        if request.method == "POST":
            check_content_type(request)
        self.check_intent(request)
        if self._command is None:
            admit(by, self._permission)
        else:
            by = self._command.admits(by, **_aims(request))
        if request.method == "POST":
            read_body(request)  # ninja would ask for the body unguarded
        return by

    def identify(self, request: HttpRequest) -> By | None:
        """Return who sent the request, or None."""
        raise NotImplementedError

    def check_intent(self, request: HttpRequest) -> None:
        """Refuse a request that the person's browser was made to send; by default there is none."""


class Token(Guard):
    """A program with a bearer token; an Authorization header decides alone."""

    openapi_security_schema: ClassVar = {
        "type": "http",
        "scheme": "bearer",
        "description": "A person's token for a program; it acts as that person and signs nothing.",
    }

    def identify(self, request: HttpRequest) -> By | None:
        """Return the token's person; None without the header."""
        return _bearer(request)


class Session(Guard):
    """A browser's session, the same as that of the pages; changes need its CSRF token."""

    openapi_security_schema: ClassVar = {
        "type": "apiKey",
        "in": "cookie",
        "name": "daytwo",
        "description": "The session of POST /api/v1/session or of the pages; what is not a GET"
        " also needs the header X-CSRFToken with the token that GET /api/v1/session gives.",
    }

    def identify(self, request: HttpRequest) -> By | None:
        """Return the session's person, as the middleware of the site found them.

        Raises:
            NotSignedIn: There is no session.
        """
        visitor = getattr(request, "visitor", None)
        if visitor is None or "Authorization" in request.headers:
            raise NotSignedIn
        return By(visitor.person_id, visitor.session_id, CHANNEL)

    def check_intent(self, request: HttpRequest) -> None:
        """Refuse a change that does not carry the session's CSRF token."""
        if request.method not in _SAFE and _Csrf(_no_answer).refuses(request):
            detail = _("The header X-CSRFToken is not this session's. Nothing was changed.")
            raise DoorRefused(403, "csrf", detail)


def asker(request: HttpRequest) -> By:
    """Return under whose authority a request acts; behind a guard there always is somebody."""
    by: By = request.auth  # type: ignore[attr-defined]
    return by


class Anyone:
    """The guard of signing in, the one act of somebody who is not known yet."""

    def __call__(self, request: HttpRequest) -> bool:
        """Look at the form only."""
        check_address(request)
        check_content_type(request)
        read_body(request)
        return True


def guards(permission: Permission, command: Command | None = None) -> list[Guard]:
    """Return the ways in for an address open to programs and browsers."""
    return [Token(permission, command), Session(permission, command)]


def session_guards(permission: Permission, command: Command | None = None) -> list[Guard]:
    """Return the way in for what a token must never do: make tokens, change secrets, attest.

    A stolen token would otherwise outlive its end, or lock its person out.
    """
    return [_NoToken(permission, command), Session(permission, command)]


class _NoToken(Guard):
    def identify(self, request: HttpRequest) -> By | None:
        """Refuse a token that counts, and say what is needed."""
        if _bearer(request) is None:
            return None
        detail = _("A token cannot do this; sign in with your password. Nothing was changed.")
        raise DoorRefused(403, "session_needed", detail)


def _bearer(request: HttpRequest) -> By | None:
    """Return under whose token a request comes; None when it names none.

    Raises:
        NotSignedIn: The token does not exist, has ended or was revoked.
    """
    header = request.headers.get("Authorization")
    return None if header is None else bearer(header, CHANNEL)


def check_address(request: HttpRequest) -> None:
    """Refuse addresses and queries with signs that no record can hold."""
    found = request.resolver_match
    for name, value in found.kwargs.items() if found else ():
        check_signs(name, str(value))
    for name, values in request.GET.lists():
        check_signs("query", name)
        for value in values:
            check_signs(name, value)


class _Csrf(CsrfViewMiddleware):
    """Django's own check, asked by the guard: ninja's views are exempt from the middleware."""

    def refuses(self, request: HttpRequest) -> bool:
        """Say whether the token or the origin is not right."""
        request.csrf_processing_done = False  # type: ignore[attr-defined]
        self.process_request(request)
        return self.process_view(request, _no_answer, (), {}) is not None

    def _reject(self, request: HttpRequest, reason: str) -> Any:  # noqa: ARG002 - Django's form
        return reason


def _no_answer(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError


def _aims(request: HttpRequest) -> dict[str, str]:
    """Return the ids that a body names, for the record of a refusal; nothing when unreadable."""
    try:
        body = read_body(request)
    except Exception:  # noqa: BLE001 - told later, once it is known that the person may ask at all
        return {}
    if not isinstance(body, dict):
        return {}
    return {
        name: value
        for name, value in body.items()
        if name.endswith("_id") and isinstance(value, str) and _ID.fullmatch(value)
    }
