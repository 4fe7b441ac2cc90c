"""Static analysis of a master batch record: everything that speaks against its submission."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from daytwo.record.recipes.analysis import (
    completeness,
    formula,
    limits,
    references,
    signatures,
    variables,
)
from daytwo.record.recipes.analysis.signatures import signatures_needed
from daytwo.record.recipes.analysis.subject import Rule, Subject
from daytwo.record.recipes.document import parse
from daytwo.record.recipes.errors import DocumentRefused
from daytwo.record.recipes.issues import Issue, errors_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daytwo.record.recipes.document import MasterBatchRecord

__all__ = ["RULES", "analyse", "review", "signatures_needed", "submittable"]

RULES: tuple[Rule, ...] = (
    *completeness.RULES,
    *formula.RULES,
    *references.RULES,
    *limits.RULES,
    *signatures.RULES,
    *variables.RULES,
)
"""Every rule, in the order in which its issues are shown."""

_NO_LINES: Mapping[str, int] = MappingProxyType({})


def analyse(record: MasterBatchRecord, lines: Mapping[str, int] = _NO_LINES) -> tuple[Issue, ...]:
    """Return every issue of a record, by rule and then by place.

    Args:
        record: The record.
        lines: Line of each path, as `document.parse` gives it.

    References:
        21 CFR 211.186(b), 211.100(a).
    """
    subject = Subject.of(record)
    return tuple(issue for entry in RULES for issue in entry.issues(subject, lines))


def review(text: str) -> tuple[MasterBatchRecord | None, tuple[Issue, ...]]:
    """Return the record of a text, if it has the form, and every issue of form and content."""
    parsed = parse(text)
    if parsed.record is None:
        return None, parsed.issues
    return parsed.record, (*parsed.issues, *analyse(parsed.record, parsed.lines))


def submittable(text: str) -> tuple[MasterBatchRecord, tuple[Issue, ...]]:
    """Return the record of a text that may be submitted, and the warnings it keeps.

    Raises:
        DocumentRefused: The text has an error of form or of content; `issues` has every one.

    References:
        21 CFR 211.186; R29.
    """
    record, issues = review(text)
    wrong = errors_in(issues)
    if record is None or wrong:
        raise DocumentRefused(wrong)
    return record, issues
