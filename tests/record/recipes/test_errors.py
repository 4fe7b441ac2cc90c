"""What recipes refuse, in words."""

from __future__ import annotations

from daytwo.kernel.errors import Refused
from daytwo.record.recipes.enums import ApprovalFunction, MbrStatus, Severity
from daytwo.record.recipes.errors import (
    ApprovalIncomplete,
    DocumentRefused,
    TransitionRefused,
    VersionRefused,
)
from daytwo.record.recipes.issues import Issue


def test_refused_document_names_the_first_issue_and_carries_all() -> None:
    issues = [
        Issue(Severity.ERROR, "limits.order", "procedure[0]", 12, "Upside down."),
        Issue(Severity.ERROR, "complete.controls", "header.sampling", None, "Missing."),
    ]
    refused = DocumentRefused(issues)
    assert isinstance(refused, Refused)
    assert "2 error(s)" in refused.detail
    assert "line 12: Upside down." in refused.detail
    assert refused.issues == tuple(issues)
    assert refused.info["issues"] == [
        {
            "severity": "error",
            "code": "limits.order",
            "path": "procedure[0]",
            "line": 12,
            "detail": "Upside down.",
        },
        {
            "severity": "error",
            "code": "complete.controls",
            "path": "header.sampling",
            "line": None,
            "detail": "Missing.",
        },
    ]


def test_refused_document_without_line_names_the_path() -> None:
    issue = Issue(Severity.ERROR, "complete.controls", "header.sampling", None, "Missing.")
    assert "at header.sampling: Missing." in DocumentRefused([issue]).detail


def test_refused_transition_says_from_where_it_is_allowed() -> None:
    refused = TransitionRefused(MbrStatus.DRAFTED, MbrStatus.EFFECTIVE, [MbrStatus.APPROVED])
    assert refused.info == {"found": "drafted", "wanted": "effective", "allowed": ["approved"]}
    assert "It must be: approved." in refused.detail
    assert "not there yet" in TransitionRefused(None, MbrStatus.DRAFTED, []).detail


def test_refused_version_names_the_one_that_is_due_or_open() -> None:
    assert "The next version is 3, not 5" in VersionRefused(5, 3, None).detail
    assert "Version 2 is still being prepared" in VersionRefused(3, 3, 2).detail


def test_incomplete_approval_names_who_is_missing() -> None:
    assert "production and quality" in ApprovalIncomplete(ApprovalFunction).detail
