"""What the text of one version says otherwise than another's: what is approved is the difference.

References:
    EU GMP Chapter 4 §4.3: documents are reviewed and kept up to date; EU GMP Annex 15 §11: changes
    are assessed, and approved as changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

AROUND = 2
"""Lines shown before and after a change, to be found by."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text.

    Attributes:
        mark: `gone` from the old text, `new` in the new one, or `same` in both.
        number: In the new text, from 1; of a line that is gone in the old one.
        text: As written.
    """

    mark: Literal["gone", "new", "same"]
    number: int
    text: str


def redline(old: str, new: str) -> list[list[Line]]:
    """Return each place where two texts differ, with the lines around it; empty when they agree."""
    before, after = old.splitlines(), new.splitlines()
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return [
        [line for block in place for line in _block(block, before, after)]
        for place in matcher.get_grouped_opcodes(AROUND)
    ]


def _block(
    block: tuple[str, int, int, int, int], before: list[str], after: list[str]
) -> list[Line]:
    tag, gone, gone_end, come, come_end = block
    if tag == "equal":
        return _lines("same", after, come, come_end)
    return [*_lines("gone", before, gone, gone_end), *_lines("new", after, come, come_end)]


def _lines(mark: Literal["gone", "new", "same"], text: list[str], at: int, end: int) -> list[Line]:
    return [Line(mark, number + 1, text[number]) for number in range(at, end)]
