"""The words for codes: what an enum value or a field's name is called on a page."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Iterable

LABELS = {
    "yes": _("Yes"),
    "no": _("No"),
    "sha256": _("SHA-256"),
    "account.own": _("keep their own account"),
    "people.read": _("see people and rights"),
    "people.manage": _("manage accounts and rights"),
    "mbr.read": _("read master batch records"),
    "mbr.write": _("write master batch records"),
    "mbr.check": _("check master records for production"),
    "mbr.approve": _("approve master records for quality"),
    "mbr.return": _("return master records to their author"),
    "order.issue": _("issue orders"),
    "resource.read": _("see lots and equipment"),
    "resource.manage": _("manage lots and equipment"),
    "lot.release": _("release and reject lots"),
    "batch.read": _("read batches"),
    "batch.execute": _("execute steps"),
    "batch.verify": _("verify steps of others"),
    "batch.supervise": _("supervise batches"),
    "discrepancy.raise": _("report and comment"),
    "discrepancy.classify": _("judge exceptions for quality"),
    "batch.review": _("review batch records"),
    "batch.dispose": _("dispose of batches"),
    "kpi.read": _("see figures and charts"),
    "audit.read": _("read the audit trail"),
    "record.export": _("export records"),
    "ledger.verify": _("verify the ledger, see imports"),
    "metrics.read": _("read the system's own metrics"),
    "import.run": _("run imports"),
    "value.manage": _("manage baselines, targets and benefits"),
    "mbr": _("Master batch record"),
    "kpi": _("KPI"),
    "n": _("n"),
    "due_on": _("Due on"),
    "excluded": _("Left out, and why"),
    "interval": _("95 % interval"),
    "subjects_sha256": _("Subjects' SHA-256"),
    "CPP": _("Critical process parameter"),
    "CQA": _("Critical quality attribute"),
    "GMP": _("GMP step"),
    "confirm": _("Instruction"),
    "enter_value": _("Entry"),
    "check_equipment": _("Equipment"),
    "charge_material": _("Charge material"),
    "weigh": _("Weighing"),
    "qualified_person": _("Qualified person"),
    "password+totp": _("password and authenticator"),
    "master_sha256": _("Master's SHA-256"),
    "content_sha256": _("Content's SHA-256"),
    "judgements_sha256": _("Judgements' SHA-256"),
    "review_sha256": _("Review's SHA-256"),
    "deviations_sha256": _("Deviations' SHA-256"),
}
"""Words for codes that would read badly with their underscores merely taken out."""


def labelled(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return options with their words instead of their codes."""
    return [(value, label(code)) for value, code in pairs]


def label(code: object) -> str:
    """Return the words for a code; an unknown code is shown as it is, without underscores."""
    text = str(code.value if isinstance(code, Enum) else code)
    if text in LABELS:
        return str(LABELS[text])
    words = text.replace("_", " ").replace(".", " ").strip()
    return words[:1].upper() + words[1:]
