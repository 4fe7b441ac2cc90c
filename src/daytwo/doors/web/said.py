"""What a page says after an act: that it is recorded, and what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import _StrPromise

COOKIE = "daytwo_said"
KEPT_SECONDS = 60
SAID: dict[str, tuple[_StrPromise, _StrPromise | str]] = {
    "step": (_("Recorded."), _("This is what comes next.")),
    "verified": (_("Verified."), _("This is what comes next.")),
    "wrong": (_("Recorded. The supervisor sees it on the list of live batches."), ""),
    "comment": (_("Your comment is recorded; whoever reviews the record will read it."), ""),
    "corrected": (_("The correction is recorded."), _("The first entry stays legible.")),
    "answered": (
        _("Your answer is signed and recorded."),
        _("The batch goes on when nothing else stops it; quality judges the exception at review."),
    ),
    "judged": (_("Your judgement is signed and recorded."), ""),
    "deviation": (_("The deviation is closed."), ""),
    "held": (_("The batch is held."), _("Nothing is entered until a supervisor resumes it.")),
    "resumed": (_("The batch goes on."), _("The floor sees it at once.")),
    "completed": (_("The record is complete."), _("Quality reviews it next.")),
    "open": (_("The review is open."), _("Look at each line below, then sign.")),
    "return": (_("The record is back with production."), _("They read your reason.")),
    "sign": (_("The review is signed."), _("A qualified person or the quality unit decides next.")),
    "decide": (_("The decision is signed and recorded."), ""),
    "received": (
        _("The lot is received, in quarantine."),
        _("Quality releases or rejects it; until then no step takes it."),
    ),
    "lot": (_("The lot's new state is recorded."), ""),
    "equipment": (_("It is in the logbook."), ""),
    "opened": (_("The account is open."), _("What it still needs is below.")),
    "password": (_("Your password was changed."), ""),
    "authenticator": (
        _("Your authenticator is enrolled."),
        _("Signing asks for its code from now on."),
    ),
    "account": (_("The change is recorded, with your name and the reason."), ""),
}
"""What happened, and what follows, by act."""


def say(response: HttpResponse, act: str) -> None:
    """Have the next page say what was recorded.

    A signed cookie tells it, not an address: no link, bookmark or reload can make a page confirm
    what was not done.

    Args:
        response: Of the act.
        act: A key of `SAID`.
    """
    response.set_signed_cookie(
        COOKIE,
        act,
        salt=COOKIE,
        max_age=KEPT_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def said(request: HttpRequest) -> tuple[_StrPromise, _StrPromise | str] | None:
    """Return what this page has to say of the act that led to it, or None."""
    if not _is_for(request):
        return None
    act = request.get_signed_cookie(COOKIE, "", salt=COOKIE, max_age=KEPT_SECONDS)
    return SAID.get(act or "")


def once(request: HttpRequest, response: HttpResponse) -> None:
    """Have no later page say again what this one said."""
    if _is_for(request):
        response.delete_cookie(COOKIE, samesite="Strict")


def _is_for(request: HttpRequest) -> bool:
    """Say whether an answer is a whole page, and there is anything to be said."""
    part = request.headers.get("HX-Request") == "true"
    return request.method == "GET" and not part and COOKIE in request.COOKIES
