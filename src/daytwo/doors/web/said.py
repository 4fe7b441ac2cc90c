"""What a page says after an act: that it is recorded, and what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.functional import _StrPromise

PARAMETER = "said"
SAID: dict[str, tuple[_StrPromise, _StrPromise | str]] = {
    "step": (_("Recorded. This is what comes next."), ""),
    "verified": (_("Verified. This is what comes next."), ""),
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
    "account": (_("The change is recorded, with your name and the reason."), ""),
}
"""Words by act. A page shows none but these, whatever an address asks for."""


def said(request: HttpRequest) -> tuple[_StrPromise, _StrPromise | str] | None:
    """Return what this page has to say of the act that led to it, or None."""
    if request.method != "GET":
        return None
    return SAID.get(request.GET.get(PARAMETER, ""))
