"""The words for what a release waits for, and whom it waits for."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

CAUSES = {
    "assembly": _("Assembling the record"),
    "production_review": _("Production review"),
    "laboratory": _("Laboratory results"),
    "deviation": _("Closing deviations"),
    "qa_review": _("QA review"),
    "qp_decision": _("QP decision"),
    "hold": _("Hold"),
    "unrecorded": _("Unknown: no event tells"),
}
"""By the keys of `criticalpath.OWNERS`."""


def cause(key: str) -> str:
    """Return what a cause is called."""
    return str(CAUSES.get(key, key))
