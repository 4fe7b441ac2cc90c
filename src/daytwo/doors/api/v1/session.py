"""Sessions: sign in, see who one is, sign out; the same sessions as those of the pages."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field, StrictStr

from daytwo.doors.api.acts import reading
from daytwo.doors.api.failures import DoorRefused
from daytwo.doors.api.fields import Code
from daytwo.doors.api.guards import CHANNEL, Anyone, asker, session_guards
from daytwo.doors.api.shapes.people import SessionOut
from daytwo.doors.api.shapes.receipts import FAILURES
from daytwo.kernel import clock
from daytwo.record.access import account, bearer
from daytwo.record.access.enums import Permission
from daytwo.record.access.errors import CredentialsRefused
from daytwo.record.access.queries import person
from daytwo.record.access.rules import IDLE_SECONDS, allowed

router = Router()


class SignIn(BaseModel):
    """Both components of an identity, and the code where a second factor is enrolled."""

    model_config = ConfigDict(extra="forbid")
    person: Annotated[StrictStr, Field(min_length=1, max_length=100)]
    password: Annotated[StrictStr, Field(min_length=1, max_length=1024)]
    totp: Code = ""


@router.post(
    "",
    auth=Anyone(),
    response={200: SessionOut, **FAILURES},
    operation_id="access.sign_in",
    openapi_extra={
        "x-permission": None,
        "x-command": "access.sign_in",
        "x-events": ["access.signed_in"],
        "x-signatures": [],
        "x-public": "nobody is known before this",
    },
)
def sign_in(request: HttpRequest, body: SignIn) -> dict[str, Any]:
    """Open a session: its cookie is in the answer's headers, its CSRF token in the answer."""
    try:
        opened = account.sign_in(body.person, body.password, body.totp, channel=CHANNEL)
    except CredentialsRefused as refused:
        code = refused.code.removeprefix("access.")
        detail = _("The credentials are not right, or the account is locked. It was recorded.")
        raise DoorRefused(401, code, detail) from refused
    request.session.flush()
    # The names under which the pages keep the same, so that one session opens both doors.
    request.session.update(
        {
            "person": opened.person_id,
            "session": opened.session_id,
            "method": opened.method,
            "seen": clock.now().timestamp(),
        }
    )
    return _seen(request, opened.person_id, "session")


@reading(router, "", Permission.ACCOUNT_OWN, SessionOut)
def who_am_i(request: HttpRequest) -> dict[str, Any]:
    """Return who is asking, with their rights and, for a session, its CSRF token."""
    by = asker(request)
    kind = "token" if by.session_id.startswith(bearer.SESSION) else "session"
    return _seen(request, by.person_id, kind)


@router.delete(
    "",
    auth=session_guards(Permission.ACCOUNT_OWN),
    response={200: SessionOut, **FAILURES},
    operation_id="access.sign_out",
    openapi_extra={
        "x-permission": str(Permission.ACCOUNT_OWN),
        "x-command": "access.sign_out",
        "x-events": ["access.signed_out"],
        "x-signatures": [],
        "x-session-only": True,
    },
)
def sign_out(request: HttpRequest) -> dict[str, Any]:
    """End the session; return whose it was."""
    by = asker(request)
    ended = _seen(request, by.person_id, "ended")
    account.sign_out(by)
    request.session.flush()
    return ended


def _seen(request: HttpRequest, person_id: str, kind: str) -> dict[str, Any]:
    known = person(person_id)
    return {
        "person": known.id,
        "name": known.name,
        "roles": known.roles,
        "permissions": [str(p) for p in Permission if allowed(known.roles, p)],
        "kind": kind,
        "csrf_token": get_token(request) if kind == "session" else None,
        "idle_seconds": IDLE_SECONDS if kind == "session" else None,
        "must_change_password": known.must_change,
        "must_enrol_second_factor": known.must_enrol,
        "verified": known.verified,
        "attested": known.attested,
    }
