"""An entry of a step as it is read: in the order of the work, each weight with its unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.doors.web.labels import label
from daytwo.record.batches.queries import words_of_items
from daytwo.record.recipes.document import Weigh

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daytwo.record.recipes.document import Step

_ORDER = ("lot", "balance", "tare", "gross", "net", "container", "equipment", "charged", "actual")
"""Fields as the hand meets them; the record keeps them by name."""


def fields(
    of: Step, entry: Mapping[str, str], result: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    """Return what was entered and what followed from it, as (words, text).

    Args:
        of: The step of the master.
        entry: Text by field, as entered.
        result: Text by name, as it followed.

    References:
        21 CFR 211.188(b)(4): weights and measures of what is used; a figure without unit is none.
    """
    words = words_of_items(of)
    shown = {name: result.get(name, _with_unit(of, name, text)) for name, text in entry.items()}
    shown |= {name: text for name, text in result.items() if name not in shown}
    ranked = sorted(shown, key=lambda name: _ORDER.index(name) if name in _ORDER else len(_ORDER))
    return tuple((words.get(name) or label(name), shown[name]) for name in ranked)


def _with_unit(of: Step, name: str, text: str) -> str:
    if isinstance(of, Weigh) and name in {"tare", "gross"}:
        return f"{text} {of.target.unit}"
    return text
