"""Bodies of requests: JSON read strictly, and held to what a record can keep."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NoReturn

from django.http import UnreadablePostError
from django.utils.translation import gettext as _
from ninja.parser import Parser

from daytwo.doors.api.failures import DoorRefused

if TYPE_CHECKING:
    from django.http import HttpRequest

DEPTH_MOST = 16
"""Nesting of a body; the deepest command needs three."""
UNKEEPABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""Control characters but tab and line ends, and halves of characters: no record can show them."""
_KEPT = "_daytwo_body"
_JSON = "application/json"


class HeldBody(Parser):
    """Gives ninja the body that the guard has read; so a failure to read it keeps its reason."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the body as read."""
        return read_body(request)


def check_content_type(request: HttpRequest) -> None:
    """Refuse a body that does not say it is JSON: a form from another site cannot say so.

    References:
        RFC 8259 §11; OWASP CSRF prevention: a custom content type forces a preflight.
    """
    if request.content_type != _JSON:
        detail = _("Send the body as {type}. Nothing was changed.").format(type=_JSON)
        raise DoorRefused(415, "content_type", detail, {"content_type": _JSON})


def read_body(request: HttpRequest) -> Any:
    """Return the request's body as plain JSON values; read once, kept on the request.

    Raises:
        DoorRefused: 413 too large, 400 not JSON, doubled names or nested too deep, 422 characters
            that no record can keep.

    References:
        RFC 8259; RFC 7493 (I-JSON): UTF-8, no doubled names, no numbers that others read otherwise.
    """
    held = getattr(request, _KEPT, None)
    if held is None:
        held = (_read(request),)
        setattr(request, _KEPT, held)
    return held[0]


def check_signs(name: str, value: str) -> None:
    """Refuse a text with signs that no record can keep, naming where it stands."""
    if UNKEEPABLE.search(value):
        shown = UNKEEPABLE.sub("?", name)[:120]
        detail = _("{field} holds signs that cannot be kept. Nothing was changed.")
        problem = {"field": shown, "problem": "control character or half a character"}
        raise DoorRefused(
            422, "signs", detail.format(field=shown), {"fields": [problem], "more": 0}
        )


def _read(request: HttpRequest) -> Any:
    try:
        raw = request.body
    except (UnreadablePostError, OSError, ValueError):
        raise _malformed(_("The request broke off.")) from None
    if not raw:
        raise _malformed(_("The body is empty."))
    try:
        value = json.loads(
            raw.decode("utf-8"), object_pairs_hook=_pairs, parse_constant=_no_constant
        )
    except DoorRefused:
        raise
    except UnicodeDecodeError:
        raise _malformed(_("The body is not UTF-8.")) from None
    except RecursionError:
        raise _malformed(_("The body is nested too deeply.")) from None
    except ValueError:
        raise _malformed(_("The body is not JSON.")) from None
    _check_tree(value)
    return value


def _check_tree(value: Any) -> None:
    """Look at every text and at the depth, without recursion."""
    waiting = [("", value, 0)]
    while waiting:
        name, item, depth = waiting.pop()
        if isinstance(item, str):
            check_signs(name or "body", item)
        elif isinstance(item, dict | list):
            if depth >= DEPTH_MOST:
                raise _malformed(_("The body is nested too deeply."))
            if isinstance(item, dict):
                for key in item:
                    check_signs(f"{name}.{key}".lstrip("."), key)
            pairs = item.items() if isinstance(item, dict) else enumerate(item)
            waiting += [(f"{name}.{key}".lstrip("."), child, depth + 1) for key, child in pairs]


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _malformed(_("The body names a member twice."))
    return found


def _no_constant(word: str) -> NoReturn:
    raise _malformed(_("{word} is no JSON number.").format(word=word))


def _malformed(why: str) -> DoorRefused:
    return DoorRefused(400, "malformed", f"{why} {_('Nothing was changed.')}")
