"""Types of the fields of a master batch record: a plain type, and what it may hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, TypeAlias


@dataclass(frozen=True, slots=True)
class Words:
    """What a text may be: its pattern, and how to say that to the author."""

    pattern: re.Pattern[str]
    meaning: str


@dataclass(frozen=True, slots=True)
class Range:
    """Lowest and highest whole number of a field."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class IsUnit:
    """Marks a text that is the code of a unit."""


def _words(pattern: str, meaning: str) -> Words:
    return Words(re.compile(pattern), meaning)


# No control characters but tab and line feed, no separators that editors take for line ends, no
# halves of characters: what is signed must look the same wherever it is shown.
_SHOWN = r"[^\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]"
_NAME = r"[a-z][a-z0-9_]{1,39}"

Text: TypeAlias = Annotated[
    str,
    _words(rf"(?=\S){_SHOWN}{{1,4000}}(?<=\S)", "1 to 4000 characters without blanks at the ends"),
]
MbrId: TypeAlias = Annotated[str, _words(r"M-[0-9]{4,8}", "of the form M-0007")]
Code: TypeAlias = Annotated[
    str, _words(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,39}", "up to 40 letters, digits and . _ / -")
]
ClassName: TypeAlias = Annotated[str, _words(_NAME, "a class of the form tablet_press")]
Name: TypeAlias = Annotated[str, _words(_NAME, "a name of the form granule_lod")]
NodeId: TypeAlias = Annotated[str, _words(r"[A-Z]{2,4}-[0-9]{2,3}", "of the form ABC-010")]
Date: TypeAlias = Annotated[
    str,
    _words(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])", "a date of the form 2026-11-23"),
]
ExpressionText: TypeAlias = Annotated[
    str, _words(r"(?=\S)[ -~]{1,500}(?<=\S)", "an expression of up to 500 characters")
]
UnitCode: TypeAlias = Annotated[str, IsUnit()]
Count: TypeAlias = Annotated[int, Range(1, 1000)]
Length: TypeAlias = Annotated[int, Range(1, 4000)]
Places: TypeAlias = Annotated[int, Range(0, 12)]
Format: TypeAlias = Annotated[int, Range(1, 1)]
