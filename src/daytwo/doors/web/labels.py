"""The words for codes: what an enum value or a field's name is called on a page."""

from __future__ import annotations

from enum import Enum

from django.utils.translation import gettext_lazy as _

LABELS = {
    "yes": _("Yes"),
    "no": _("No"),
    "sha256": _("SHA-256"),
    "mbr": _("Master batch record"),
}
"""Words for codes that would read badly with their underscores merely taken out."""


def label(code: object) -> str:
    """Return the words for a code; an unknown code is shown as it is, without underscores."""
    text = str(code.value if isinstance(code, Enum) else code)
    if text in LABELS:
        return str(LABELS[text])
    words = text.replace("_", " ").replace(".", " ").strip()
    return words[:1].upper() + words[1:]
