"""Issues."""

from __future__ import annotations

from daytwo.record.recipes.enums import Severity
from daytwo.record.recipes.issues import Issue, errors_in


def test_only_errors_stop_submission() -> None:
    wrong = Issue(Severity.ERROR, "a.b", "header", 3, "Wrong.")
    odd = Issue(Severity.WARNING, "a.c", "header", None, "Odd.")
    assert errors_in([odd, wrong, odd]) == (wrong,)
