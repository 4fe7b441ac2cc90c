"""How a form becomes an act of the record: rehearsed, signed, or refused with a way out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from daytwo.doors.web import failures, session
from daytwo.kernel.errors import DaytwoError, Denied, Refused, Unknown
from daytwo.kernel.ids import new_id
from daytwo.record.access.ceremony import Signing, Statement
from daytwo.record.access.errors import CredentialsRefused, SignatureRefused

if TYPE_CHECKING:
    from django.http import HttpRequest

    from daytwo.record.access.authority import Command
    from daytwo.record.ledger.door import Receipt

AGAIN = "again"
"""Name of the button that goes back from the signature to the entry."""
_NEVER_KEPT = frozenset({"csrfmiddlewaretoken", "password", "totp", "challenge", "username", AGAIN})
_NO = (Refused, Denied, Unknown)
"""Answers to a person; what was scanned may be Unknown, and the rest of the entry still stands."""
_TRIES_AGAIN = (CredentialsRefused, SignatureRefused)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an attempt: done, to be signed, refused, or (none of them) entered again.

    Args:
        receipt: What was recorded.
        statement: What is to be signed; with a notice when a signature was just refused.
        notice: The refusal.
        status: HTTP status of the page that shows this.
        keep: The entry as fields to carry along, so that nothing is typed twice.
    """

    receipt: Receipt | None = None
    statement: Statement | None = None
    notice: failures.Notice | None = None
    status: int = 200
    keep: dict[str, list[str]] | None = None

    @property
    def done(self) -> bool:
        """Whether it is recorded."""
        return self.receipt is not None


def attempt(request: HttpRequest, command: Command, **arguments: Any) -> Outcome:
    """Try an act with the arguments of a form.

    The first POST of a signed act carries no signature: every rule runs, and the statement to be
    signed comes back, so that a refusal shows before a password is asked. The second carries the
    signature. The entry survives every refusal.

    Args:
        request: The POST; `command_id` was made with its form.
        command: The record command.
        **arguments: The command's own, already read from the form.

    References:
        21 CFR 11.200(a); draft EU GMP Annex 11 (2025) §13.3: authenticated at every signing.
    """
    kept = entry(request)
    if AGAIN in request.POST:
        return Outcome(keep=kept)
    by = session.by(request)
    answered = "challenge" in request.POST
    try:
        if command.signed and not answered:
            statement = command.rehearse(by, **arguments)
            if statement is not None:
                return Outcome(statement=statement, keep=kept)
        signing = _signing(request) if answered else None
        receipt = command(by, command_id=_command_id(request), signing=signing, **arguments)
    except _TRIES_AGAIN as refused:
        return _ask_again(request, command, arguments, refused)
    except _NO as refused:
        return Outcome(notice=_told(refused), status=failures.status_of(refused), keep=kept)
    return Outcome(receipt=receipt)


def entry(request: HttpRequest) -> dict[str, list[str]]:
    """Return the form's fields without secrets, to be carried along."""
    return {
        name: [str(value) for value in request.POST.getlist(name)]
        for name in request.POST
        if name not in _NEVER_KEPT
    }


def _signing(request: HttpRequest) -> Signing:
    return Signing(
        request.POST["challenge"],
        request.POST.get("password", ""),
        request.POST.get("totp", "").strip(),
    )


def _command_id(request: HttpRequest) -> str:
    return request.POST.get("command_id") or new_id()


def _ask_again(
    request: HttpRequest, command: Command, arguments: dict[str, Any], refused: DaytwoError
) -> Outcome:
    """Show a fresh statement beside why the signature did not hold."""
    kept = entry(request)
    status = failures.status_of(refused)
    told = failures.notice(
        refused,
        kept=_("Your entry is kept below. Nothing was signed."),
        todo=_("Look at what you sign, then sign again."),
    )
    try:
        statement = command.rehearse(session.by(request), **arguments)
    except _NO as now_refused:
        return Outcome(notice=_told(now_refused), status=status, keep=kept)
    return Outcome(statement=statement, notice=told, status=status, keep=kept)


def _told(refused: DaytwoError) -> failures.Notice:
    return failures.notice(refused, kept=_("Nothing was recorded; your entry is kept below."))
