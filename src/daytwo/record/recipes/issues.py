"""What is wrong with a master batch record: findings, collected and never thrown singly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from daytwo.record.recipes.enums import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Issue:
    """One finding.

    Attributes:
        severity: An error stops submission, a warning does not.
        code: Stable dotted name of the rule (`limits.order`).
        path: Where in the document, from the top (`header.product.strength`).
        line: Line of the text, from 1; None when the text is not known or the thing is absent.
        detail: A sentence for the author: what is wrong, and what would be right.
    """

    severity: Severity
    code: str
    path: str
    line: int | None
    detail: str


def errors_in(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """Return the issues that stop submission."""
    return tuple(issue for issue in issues if issue.severity is Severity.ERROR)
