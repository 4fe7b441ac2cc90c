"""Routes of acts: each command of the record performed, and what it would have signed, shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpRequest
from ninja import Header

from daytwo.doors.api.fields import Arguments, body_of, command_id, statement_body_of
from daytwo.doors.api.guards import asker, guards, session_guards
from daytwo.doors.api.shapes.receipts import FAILURES, EventLine, ReceiptOut, StatementAnswer
from daytwo.kernel.errors import Fault
from daytwo.record.access.ceremony import Signing
from daytwo.record.ledger.catalogue import entries

if TYPE_CHECKING:
    from collections.abc import Callable

    from ninja import Router

    from daytwo.record.access.authority import Command
    from daytwo.record.access.enums import Permission
    from daytwo.record.ledger.door import Receipt

Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=100)]
SIGNATURE_EVENT = "access.signature.applied"


def acts(router: Router, *commands: Command, session_only: bool = False) -> None:
    """Open an address for each command, and for those that may sign one that shows the statement.

    The address, the body and what is declared are the command's own: name of its function,
    its arguments, its permission, events and meanings.

    Args:
        router: The capability's.
        *commands: The verbs, in the order in which they are documented.
        session_only: Not for tokens.
    """
    for command in commands:
        _open_act(router, command, session_only=session_only)
        if command.signed:
            _open_statement(router, command, session_only=session_only)


def act(router: Router, path: str, command: Command, shape: Any) -> Callable[..., Any]:
    """Open an address for an act that needs more than the command's arguments; sessions only.

    Args:
        router: The capability's.
        path: Below the capability.
        command: The command that it performs in the end.
        shape: What it answers.
    """
    return router.post(
        path,
        auth=session_guards(command.permission, command),
        response={200: shape, **FAILURES},
        operation_id=f"{command.name}.by_person",
        openapi_extra=declared(command, session_only=True),
    )


def reading(router: Router, path: str, permission: Permission, shape: Any) -> Callable[..., Any]:
    """Open an address for a reading.

    Args:
        router: The capability's.
        path: Below the capability.
        permission: What the reader's roles must give.
        shape: What it answers.
    """
    return router.get(
        path,
        auth=guards(permission),
        response={200: shape, **FAILURES},
        openapi_extra={"x-permission": str(permission)},
    )


def receipt(given_id: str, done: Receipt) -> ReceiptOut:
    """Return what a program gets for an act: its events, and whether they stood before."""
    lines = [EventLine.model_validate(event) for event in done.events]
    return ReceiptOut(command_id=given_id, replayed=done.replayed, events=lines)


def declared(command: Command, *, session_only: bool = False) -> dict[str, Any]:
    """Return what the description of an act declares of its command."""
    names = {entry.cls: entry.name for entry in entries()}
    unknown = [event.__name__ for event in command.emits if event not in names]
    if unknown:
        raise Fault("api.events", f"{command.name} emits what the catalogue lacks: {unknown}.")
    events = [names[event] for event in command.emits]
    return {
        "x-permission": str(command.permission),
        "x-command": command.name,
        "x-events": [*events, *([SIGNATURE_EVENT] if command.signed else [])],
        "x-signatures": [str(meaning) for meaning in command.signed],
        "x-session-only": session_only,
    }


def _open_act(router: Router, command: Command, *, session_only: bool) -> None:
    body_type = body_of(command)

    def perform(request: HttpRequest, body: Any, idempotency_key: str | None = None) -> Any:
        given_id = command_id(body.command_id, idempotency_key)
        done = command(
            asker(request),
            command_id=given_id,
            signing=_signing(body),
            **body.arguments(),
        )
        return receipt(given_id, done)

    perform.__annotations__ = {
        "request": HttpRequest,
        "body": body_type,
        "idempotency_key": Key,
        "return": Any,
    }
    router.post(
        f"/{command.function.__name__}",
        auth=(session_guards if session_only else guards)(command.permission, command),
        response={200: ReceiptOut, **FAILURES},
        summary=_first_line(command),
        operation_id=command.name,
        openapi_extra=declared(command, session_only=session_only),
    )(perform)


def _open_statement(router: Router, command: Command, *, session_only: bool) -> None:
    body_type = statement_body_of(command)

    def show(request: HttpRequest, body: Any) -> Any:
        return {"statement": command.rehearse(asker(request), **body.arguments())}

    show.__annotations__ = {"request": HttpRequest, "body": body_type, "return": Any}
    router.post(
        f"/{command.function.__name__}/statement",
        auth=(session_guards if session_only else guards)(command.permission, command),
        response={200: StatementAnswer, **FAILURES},
        summary=f"What is to be signed: {_first_line(command)}",
        operation_id=f"{command.name}.statement",
        openapi_extra={**declared(command, session_only=session_only), "x-rehearsal": True},
    )(show)


def _signing(body: Arguments) -> Signing | None:
    given = getattr(body, "signing", None)
    return None if given is None else Signing(given.challenge, given.password, given.totp)


def _first_line(command: Command) -> str:
    return (command.function.__doc__ or command.name).strip().partition("\n")[0]
