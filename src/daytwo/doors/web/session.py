"""The browser's session: who it belongs to, and its end after a while without activity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.doors.web.labels import label
from daytwo.doors.web.visitors import Duty, Visitor
from daytwo.kernel import clock
from daytwo.record.access import account
from daytwo.record.access.authority import By
from daytwo.record.access.enums import Permission, PersonStatus
from daytwo.record.access.queries import PersonView, find_person
from daytwo.record.access.rules import IDLE_SECONDS, allowed

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.sessions.backends.base import SessionBase
    from django.http import HttpRequest, HttpResponse

GRAIN_SECONDS = 15
"""How exactly the last activity is kept: a durable write at every request would be waste.

A session may end this much earlier than the limit, and never later.
"""
_PERSON, _SESSION, _SEEN, _METHOD = "person", "session", "seen", "method"
PASSIVE = "X-Passive"
"""Header of requests that a page makes by itself: refreshing is not activity of a person."""


class Identity:
    """Middleware: puts the signed-in person on the request, as the record knows them now.

    Roles, lock and deactivation are read at every request, so that they count at once.

    References:
        21 CFR 11.10(d), 11.200(a); EU GMP Annex 11 §12; draft Annex 11 (2025) §11.7-11.9.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Take the next handler in line."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request with `request.visitor` set to the person, or to None."""
        request.visitor = _recognise(request)  # type: ignore[attr-defined]
        return self._get_response(request)


def begin(request: HttpRequest, opened: account.Session) -> None:
    """Bind the browser to a session that the record has just opened, under a new key."""
    request.session.flush()
    request.session[_PERSON] = opened.person_id
    request.session[_SESSION] = opened.session_id
    request.session[_METHOD] = opened.method
    request.session[_SEEN] = clock.now().timestamp()


def end(request: HttpRequest, cause: str = "person") -> None:
    """Record the end of the session, and forget the browser."""
    held = _held(request.session)
    if held is not None:
        account.sign_out(By(*held), cause)
    request.session.flush()


def by(request: HttpRequest) -> By:
    """Return under whose authority this request acts: the session's person, nobody else."""
    person_id, session_id = _held(request.session) or ("", "")
    return By(person_id, session_id)


def _recognise(request: HttpRequest) -> Visitor | None:
    session = request.session
    held = _held(session)
    if held is None:
        return None
    seen = float(session.get(_SEEN, 0.0))
    now = clock.now().timestamp()
    if not 0 <= now - seen < IDLE_SECONDS:
        end(request, "idle")
        return None
    known = find_person(held[0])
    if known is None or known.status != PersonStatus.ACTIVE:
        end(request, "closed")
        return None
    if now - seen >= GRAIN_SECONDS and PASSIVE not in request.headers:
        session[_SEEN] = now
    return _visitor(known, held[1])


def _duty(known: PersonView) -> Duty | None:
    if known.must_change:
        return Duty.PASSWORD
    return Duty.SECOND_FACTOR if known.must_enrol else None


def _held(session: SessionBase) -> tuple[str, str] | None:
    person_id = session.get(_PERSON)
    return (str(person_id), str(session.get(_SESSION, ""))) if person_id else None


def _visitor(known: PersonView, session_id: str) -> Visitor:
    return Visitor(
        person_id=known.id,
        name=known.name,
        roles=tuple(label(role) for role in known.roles),
        session_id=session_id,
        role_names=frozenset(known.roles),
        permissions=frozenset(p for p in Permission if allowed(known.roles, p)),
        duty=_duty(known),
        totp=known.totp,
        verified=known.verified,
        attested=known.attested,
    )
