"""What a person sees when something does not work: what happened, what was kept, what to do."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from daytwo.doors.web import answers
from daytwo.doors.web.labels import label
from daytwo.kernel.errors import (
    ConnectorError,
    DaytwoError,
    Denied,
    Fault,
    Refused,
    Tampered,
    Unknown,
)

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

log = logging.getLogger(__name__)

STATUS: dict[type[DaytwoError], int] = {
    Refused: 409,
    Denied: 403,
    Unknown: 404,
    Tampered: 500,
    Fault: 500,
    ConnectorError: 502,
}
"""The one table of this door from error family to HTTP status."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A refusal or failure as a person reads it.

    Args:
        happened: What happened, in one or two sentences.
        kept: What was kept and what was not.
        todo: What the reader can do now.
        missing: What is missing, item by item.
        who: Who can help.
        code: The stable code of the case, for a call to support.
        field: The field of the entry that was refused, if one was.
    """

    happened: str
    kept: str
    todo: str
    missing: tuple[str, ...] = ()
    who: str = ""
    code: str = ""
    field: str = ""


def status_of(error: DaytwoError) -> int:
    """Return the HTTP status of an error's family."""
    return next(code for family, code in STATUS.items() if isinstance(error, family))


def notice(error: DaytwoError, *, kept: str | None = None, todo: str | None = None) -> Notice:
    """Put an error of the house into the words of a notice.

    Args:
        error: The error; its info may hold `missing`, `who_can` and `todo`.
        kept: What was kept, if the caller knows better than the family.
        todo: What to do, if neither the error nor the family says it well.
    """
    said = error.info.get("todo")
    return Notice(
        happened=error.detail,
        kept=kept or _kept(error),
        todo=todo or (str(said) if said else _todo(error)),
        missing=_lines(error.info.get("missing")),
        who=", ".join(label(who) for who in _lines(error.info.get("who_can"))),
        code=error.code,
        field=str(error.info.get("field") or error.info.get("argument") or ""),
    )


def beside(said: Notice | None, fields: Mapping[str, str]) -> dict[str, str]:
    """Return the field of a form at which a refusal belongs with its words, or nothing.

    Args:
        said: The refusal, if there is one.
        fields: Names of form fields by the argument, the code, or the first part of the code of
            what is refused there.
    """
    if said is None or said.missing or said.who:
        return {}
    asked = (said.field, said.code, said.code.partition(".")[0])
    name = next((fields[key] for key in asked if key in fields), None)
    if name is None:
        return {}
    words = said.happened
    if said.field and words.startswith(f"{said.field} "):
        words = _("This") + words.removeprefix(said.field)
    return {name: f"{words} {said.kept}"}


def answer(request: HttpRequest, error: DaytwoError) -> HttpResponse:
    """Answer a request whose view raised an error of the house."""
    status = status_of(error)
    if status >= 500:  # noqa: PLR2004 -- server side of the table above
        log.error("%s: %s", error.code, error.detail, exc_info=error)
    return _failure(request, status, _title(status), notice(error))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that could not be understood."""
    del exception
    said = Notice(
        _("The request could not be read."),
        _("Nothing was recorded."),
        _("Go back, check what you entered, and send it again."),
        code="web.bad_request",
    )
    return _failure(request, 400, _title(400), said)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that this visitor may not make."""
    del exception
    said = Notice(
        _("You may not open this page."),
        _("Nothing was changed."),
        _("If your work needs it, ask the person who grants rights at your site."),
        code="web.forbidden",
    )
    return _failure(request, 403, _title(403), said)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that did not come from a page this browser was given."""
    log.warning("form refused: %s", reason)
    said = Notice(
        _("This form is no longer valid: you signed out, or the page was open for too long."),
        _("Nothing was recorded."),
        _("Go back, reload the page, and enter it again."),
        code="web.form_expired",
    )
    return _failure(request, 403, _("Form expired"), said)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request for an address at which there is nothing."""
    del exception
    said = Notice(
        _("There is nothing at this address."),
        _("Nothing was changed. Records are never deleted: a wrong address is more likely."),
        _("Check the address, or start from the list it should be in."),
        code="web.not_found",
    )
    return _failure(request, 404, _title(404), said)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a request that met a fault of ours."""
    said = Notice(
        _("Something failed on our side. It is not your doing."),
        _("What was confirmed before is safe. What you just sent may not be recorded."),
        _(
            "Open the record again and look before you repeat anything. If it fails again, "
            "call support with the time shown below."
        ),
        code="web.fault",
    )
    return _failure(request, 500, _title(500), said)


def _failure(request: HttpRequest, status: int, title: str, said: Notice) -> HttpResponse:
    context = {"title": title, "notice": said, "status": status}
    return answers.page(request, "shell/failure.html", context, status=status)


def _title(status: int) -> str:
    titles = {
        400: _("Not understood"),
        403: _("Not allowed"),
        404: _("Not found"),
        409: _("Refused"),
        502: _("Connected system does not answer"),
    }
    return titles.get(status, _("Something failed"))


def _kept(error: DaytwoError) -> str:
    if isinstance(error, Tampered):
        return _("The record was left exactly as it was found.")
    if isinstance(error, Fault | ConnectorError):
        return _("What was confirmed before is safe. What you just sent may not be recorded.")
    return _("Nothing was recorded.")


def _todo(error: DaytwoError) -> str:
    if isinstance(error, Refused):
        return _("Settle what is missing, then try again.")
    if isinstance(error, Denied):
        return _("If your work needs it, ask the person who grants rights at your site.")
    if isinstance(error, Unknown):
        return _("Check the address, or start from the list it should be in.")
    if isinstance(error, Tampered):
        return _("Stop using this record and tell the quality unit and IT at once.")
    return _("Open the record again and look before you repeat anything.")


def _lines(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    if isinstance(value, Iterable):
        return tuple(str(item) for item in value)
    return (str(value),)
