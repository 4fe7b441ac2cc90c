"""The checks of data quality in words for people: what is missing, what a principle means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from daytwo.insight.kpis.integritychecks import Check

TIMES: dict[str, _StrPromise] = {
    "batch-started": _("start of a batch's manufacture"),
    "batch-ended": _("end of a batch's manufacture"),
    "batch-submitted": _("handing over of a batch record to quality"),
    "batch-reviewed": _("review of a batch record by quality"),
    "batch-lab-final": _("last laboratory result of a batch"),
    "step-claimed": _("begin of a step"),
    "step-touch-min": _("working time at a step"),
    "step-noted": _("writing down of an entry"),
    "sample-received": _("arrival of a sample in the laboratory"),
    "sample-first-test": _("first test of a sample"),
    "deviation-occurred": _("occurrence of a deviation"),
    "deviation-detected": _("detection of a deviation"),
    "deviation-cause": _("finding of a deviation's cause"),
    "capa-evaluated": _("check that a CAPA was effective"),
    "review-closed": _("end of a review"),
    "mbr_change-requested": _("request for a change of a master record"),
    "labour-end": _("end of a shift's work"),
}
"""What a missing time is of, by the check that looks for it."""
MEANINGS: dict[str, _StrPromise] = {
    "attributable": _("who did it"),
    "legible": _("can be read"),
    "contemporaneous": _("written when it happened"),
    "original": _("first record, no copy"),
    "accurate": _("right, and kept right"),
    "complete": _("nothing is missing"),
    "consistent": _("in the right order"),
    "traceable": _("can be followed back"),
}
"""What each principle of ALCOA+ asks for (EMA guideline on computerised systems, 2023)."""


def words_of(check: Check) -> str:
    """Return what a check looks for, as a person would say it."""
    if check.letter:
        return gettext(check.words)
    return str(TIMES.get(check.id, check.words))
