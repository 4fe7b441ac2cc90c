"""What a program is told when something does not work: one table from family to status."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.db.utils import InterfaceError, OperationalError
from django.http import Http404, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from ninja.errors import HttpError, ValidationError

from daytwo.kernel.errors import (
    ConnectorError,
    DaytwoError,
    Denied,
    Fault,
    Refused,
    Tampered,
    Unknown,
)
from daytwo.record.access.errors import NotSignedIn
from daytwo.record.ledger.errors import Unwritable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

log = logging.getLogger(__name__)

STATUS: tuple[tuple[type[DaytwoError], int], ...] = (
    (NotSignedIn, 401),
    (Denied, 403),
    (Unknown, 404),
    (Refused, 409),
    (Tampered, 500),
    (Unwritable, 503),
    (Fault, 500),
    (ConnectorError, 502),
)
"""Error family to HTTP status, the narrower family first."""
_OURS = 500
_FIELDS_NAMED = 20
"""Fields named in one refusal of a body; a body with more has one cause that hides the rest."""
_DJANGO: tuple[tuple[type[Exception], int], ...] = (
    (RequestDataTooBig, 413),
    (SuspiciousOperation, 400),
    (BadRequest, 400),
    (MultiPartParserError, 400),
    (UnreadablePostError, 400),
    (PermissionDenied, 403),
    (Http404, 404),
    (OperationalError, 503),
    (InterfaceError, 503),
)


class DoorRefused(DaytwoError):  # noqa: N818 - named as the house speaks: the door said no
    """The request does not come through the door: its form, not the record, is the trouble.

    Attributes:
        status: The HTTP status of this case.
    """

    def __init__(
        self, status: int, code: str, detail: str, info: Mapping[str, object] | None = None
    ) -> None:
        """Take the status besides what every error of the house takes."""
        super().__init__(f"api.{code}", detail, info)
        self.status = status

    def __reduce__(self) -> tuple[object, ...]:
        """Rebuild with the status, which `Exception` alone would lose."""
        code = self.code.removeprefix("api.")
        return DoorRefused, (self.status, code, self.detail, self.info)


def status_of(error: DaytwoError) -> int:
    """Return the HTTP status of an error of the house."""
    if isinstance(error, DoorRefused):
        return error.status
    return next((code for family, code in STATUS if isinstance(error, family)), _OURS)


def answer(request: HttpRequest, error: Exception) -> HttpResponse:
    """Answer a request whose handling raised: always JSON, `{code, detail, info}`.

    What is no fault of the sender's is logged whole and told without its inner workings.
    """
    status, said = _said(error)
    if status >= _OURS:
        log.error("%s %s: %s", request.method, request.path, said["code"], exc_info=error)
    return told(status, **said)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what the site refused before the interface saw it, such as a wrong Host."""
    return answer(request, exception if exception is not None else SuspiciousOperation())


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer what failed before the interface saw it; the site has logged it."""
    del request
    return told(_OURS, "fault", _detail(_OURS), {})


def told(status: int, code: str, detail: str, info: Mapping[str, object]) -> HttpResponse:
    """Return a failure as every program reads it."""
    content = json.dumps({"code": code, "detail": detail, "info": dict(info)}, default=str)
    response = HttpResponse(content, status=status, content_type="application/json; charset=utf-8")
    if status == 401:  # noqa: PLR2004 - the status that must say how to sign in (RFC 9110)
        response.headers["WWW-Authenticate"] = 'Bearer realm="daytwo"'
    return response


def not_allowed(allowed: str) -> HttpResponse:
    """Answer a method that an address does not know."""
    detail = _("This address knows {methods} only. Nothing was changed.").format(methods=allowed)
    response = told(405, "api.method", detail, {"allowed": allowed.split(", ")})
    response.headers["Allow"] = allowed
    return response


def _said(error: Exception) -> tuple[int, dict[str, Any]]:
    if isinstance(error, DaytwoError):
        return _house(error)
    if isinstance(error, ValidationError):
        return 422, _invalid(error)
    if isinstance(error, HttpError):
        if isinstance(error.__cause__, DoorRefused):
            return _house(error.__cause__)  # what the body's reading said, before ninja's words
        return error.status_code, {"code": "api.http", "detail": str(error), "info": {}}
    status = next((code for kind, code in _DJANGO if isinstance(error, kind)), _OURS)
    return status, {"code": _CODES[status], "detail": _detail(status), "info": {}}


_CODES = {
    400: "api.unreadable",
    403: "api.forbidden",
    404: "api.unknown_address",
    413: "api.too_large",
    500: "fault",
    503: "unanswered",
}


def _house(error: DaytwoError) -> tuple[int, dict[str, Any]]:
    status = status_of(error)
    if isinstance(error, Tampered):
        detail = _(
            "The stored record does not agree with what was recorded. It was left as it was found."
            " Stop using it and tell the quality unit and IT at once."
        )
        return status, {"code": "tampered", "detail": detail, "info": {}}
    if isinstance(error, Unwritable):
        detail = _("The record could not be written; nothing was kept. Send the same again later.")
        return status, {"code": "unwritable", "detail": detail, "info": {}}
    if status >= _OURS:
        return status, {"code": "fault", "detail": _detail(500), "info": {}}
    return status, {"code": error.code, "detail": error.detail, "info": error.info}


def _invalid(error: ValidationError) -> dict[str, Any]:
    fields = [
        {"field": _place(found["loc"]), "problem": str(found["msg"])[:200]}
        for found in error.errors[:_FIELDS_NAMED]
    ]
    names = ", ".join(found["field"] for found in fields)
    detail = _("The request does not have the form of this act: {fields}. Nothing was changed.")
    info = {"fields": fields, "more": max(0, len(error.errors) - _FIELDS_NAMED)}
    return {"code": "api.invalid", "detail": detail.format(fields=names[:300]), "info": info}


def _place(parts: tuple[object, ...]) -> str:
    """Return a field's name as the sender wrote it: ninja's own `body`, `body` goes."""
    kept = parts[2:] if parts[:2] == ("body", "body") else parts[1:]
    return ".".join(str(part)[:60] for part in kept) or str(parts[0])


def _detail(status: int) -> str:
    words = {
        400: _("The request could not be read. Nothing was changed."),
        403: _("This may not be done. Nothing was changed."),
        404: _("There is nothing at this address. See /api/openapi.json for what there is."),
        413: _("The request is larger than this site takes. Nothing was changed."),
        503: _(
            "The database does not answer just now. What was confirmed before is safe; what you"
            " just sent may not be recorded. Send it again with the same command id."
        ),
    }
    return words.get(
        status,
        _(
            "Something failed on our side. What was confirmed before is safe; what you just sent"
            " may not be recorded. Send it again with the same command id."
        ),
    )
