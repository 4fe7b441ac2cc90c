"""People and access: accounts, roles, tokens, one's own password and second factor."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, ConfigDict, Field, StrictStr

from daytwo.doors.api.acts import Key, act, acts, reading
from daytwo.doors.api.fields import Code, CommandId, Id, Whole, command_id
from daytwo.doors.api.guards import asker
from daytwo.doors.api.shapes.people import (
    AlertOut,
    Done,
    GrantOut,
    NewFactor,
    NewPassword,
    NewToken,
    PersonOut,
    RefusalOut,
    TokenLine,
)
from daytwo.record.access import account, commands, queries
from daytwo.record.access.enums import Permission

router = Router()
acts(
    router,
    commands.register_person,
    commands.grant_role,
    commands.revoke_role,
    commands.verify_identity,
    commands.unlock,
    commands.deactivate,
    commands.remove_totp,
    commands.require_second_factor,
    commands.lift_second_factor,
    commands.revoke_token,
    commands.acknowledge_alert,
)
acts(router, commands.attest, session_only=True)

_Secret = Annotated[StrictStr, Field(min_length=1, max_length=1024)]
_Line = Annotated[StrictStr, Field(max_length=400)]


class _Act(BaseModel):
    model_config = ConfigDict(extra="forbid")
    command_id: CommandId | None = None


class ResetPassword(_Act):
    """Whose password, and why."""

    person_id: Id
    reason: _Line


class ChangePassword(_Act):
    """The old password proves who is there; the new one replaces it."""

    old: _Secret
    new: _Secret
    totp: Code = ""


class IssueToken(_Act):
    """The program's name, and for how many days."""

    name: _Line
    days: Whole


class EnrolFactor(_Act):
    """The secret of GET totp_secret, and a code that it shows now."""

    secret: Annotated[StrictStr, Field(pattern=r"^[A-Z2-7]{32}$")]
    code: Code


@act(router, "/reset_password", commands.set_password, NewPassword)
def reset_password(
    request: HttpRequest, body: ResetPassword, idempotency_key: Key = None
) -> dict[str, Any]:
    """Set a random password that must be changed at once; told here only."""
    given = command_id(body.command_id, idempotency_key)
    password = account.reset_password(asker(request), body.person_id, body.reason, command_id=given)
    return {"command_id": given, "password": password}


@act(router, "/change_password", commands.change_password, Done)
def change_password(
    request: HttpRequest, body: ChangePassword, idempotency_key: Key = None
) -> dict[str, Any]:
    """Replace one's own password."""
    given = command_id(body.command_id, idempotency_key)
    account.change_own_password(asker(request), body.old, body.new, body.totp, command_id=given)
    return {"command_id": given}


@act(router, "/issue_token", commands.issue_token, NewToken)
def issue_token(
    request: HttpRequest, body: IssueToken, idempotency_key: Key = None
) -> dict[str, Any]:
    """Make a token for a program that acts as this person; its secret is told here only."""
    given = command_id(body.command_id, idempotency_key)
    secret = account.make_token(asker(request), body.name, body.days, command_id=given)
    return {"command_id": given, "secret": secret}


@act(router, "/enrol_totp", commands.enrol_totp, Done)
def enrol_totp(
    request: HttpRequest, body: EnrolFactor, idempotency_key: Key = None
) -> dict[str, Any]:
    """Enrol a second factor that shows a right code."""
    given = command_id(body.command_id, idempotency_key)
    account.confirm_totp(asker(request), body.secret, body.code, command_id=given)
    return {"command_id": given}


@reading(router, "/totp_secret", Permission.ACCOUNT_OWN, NewFactor)
def totp_secret(request: HttpRequest) -> dict[str, str]:
    """Return a fresh secret of a second factor; nothing is enrolled yet."""
    secret, address = account.new_totp(asker(request).person_id)
    return {"secret": secret, "address": address}


@reading(router, "/tokens", Permission.ACCOUNT_OWN, list[TokenLine])
def tokens(request: HttpRequest) -> Any:
    """Return one's own tokens, newest first."""
    return queries.tokens(asker(request).person_id)


@reading(router, "/people", Permission.PEOPLE_READ, list[PersonOut])
def people(request: HttpRequest) -> Any:  # noqa: ARG001 - ninja's form
    """Return every account, by id."""
    return queries.people()


@reading(router, "/register", Permission.PEOPLE_READ, list[GrantOut])
def register(request: HttpRequest) -> Any:  # noqa: ARG001 - ninja's form
    """Return every grant ever made (EU GMP Annex 11 §12.3)."""
    return queries.access_register()


@reading(router, "/refusals", Permission.PEOPLE_READ, list[RefusalOut])
def refusals(
    request: HttpRequest,  # noqa: ARG001 - ninja's form
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Any:
    """Return the last refusals, newest first."""
    return queries.refusals(limit)


@reading(router, "/alerts", Permission.PEOPLE_READ, list[AlertOut])
def alerts(request: HttpRequest) -> Any:  # noqa: ARG001 - ninja's form
    """Return what administrators must look at, newest first."""
    return queries.open_alerts()
