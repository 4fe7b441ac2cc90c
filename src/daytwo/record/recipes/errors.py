"""What the recipes refuse, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.kernel.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from daytwo.record.recipes.enums import ApprovalFunction, MbrStatus
    from daytwo.record.recipes.issues import Issue


class DocumentRefused(Refused):
    """A text is no master batch record, or one that may not be submitted."""

    def __init__(self, issues: Iterable[Issue]) -> None:
        """Carry every issue; the sentence names how many and the first."""
        found = tuple(issues)
        first = f" The first, at {_place(found[0])}: {found[0].detail}" if found else ""
        super().__init__(
            "mbr.document",
            f"The master batch record has {len(found)} error(s). Nothing was changed.{first}",
            {
                "issues": [
                    {
                        "severity": str(issue.severity),
                        "code": issue.code,
                        "path": issue.path,
                        "line": issue.line,
                        "detail": issue.detail,
                    }
                    for issue in found
                ]
            },
        )
        self.issues = found


class ExpressionRefused(Refused):
    """An expression is not of the allowed form, or cannot be computed with these values."""

    def __init__(self, case: str, detail: str, **info: object) -> None:
        """Name the case (`syntax`, `name`, `unit`, `limit`, `arithmetic`) and say what is wrong."""
        super().__init__(f"expression.{case}", detail, info)


class TransitionRefused(Refused):
    """The version is not in a state from which this may be done."""

    def __init__(
        self, found: MbrStatus | None, wanted: MbrStatus, allowed: Iterable[MbrStatus]
    ) -> None:
        """Name the state found, the one wanted, and those that lead there."""
        states = sorted(str(status) for status in allowed)
        super().__init__(
            "mbr.transition",
            f"A master batch record that is {found or 'not there yet'} cannot become {wanted}."
            f" Nothing was changed. It must be: {', '.join(states) or 'new'}.",
            {"found": found and str(found), "wanted": str(wanted), "allowed": states},
        )


class VersionRefused(Refused):
    """The version number does not follow the last one, or another version is still being made."""

    def __init__(self, wanted: int, due: int, open_version: int | None) -> None:
        """Name the version wanted, the one due, and the one that is in the way, if any."""
        detail = (
            f"Version {open_version} is still being prepared. Finish it before a new one."
            if open_version is not None
            else f"The next version is {due}, not {wanted}. Nothing was changed."
        )
        super().__init__(
            "mbr.version", detail, {"wanted": wanted, "due": due, "open": open_version}
        )


class OwnApprovalRefused(Refused):
    """Who wrote a version does not approve it."""

    def __init__(self, person: str) -> None:
        """Name the person, and who can help."""
        super().__init__(
            "mbr.own_approval",
            "You wrote or submitted this version, so you may not approve it."
            " Nothing was changed. Another person of production or quality can.",
            {"person": person},
        )


class ApprovalRefused(Refused):
    """An approval does not fit the submission or repeats one that was given."""

    def __init__(self, case: str, detail: str, **info: object) -> None:
        """Name the case (`twice`, `function`, `content`, `round`) and say what is wrong."""
        super().__init__(f"mbr.approval_{case}", f"{detail} Nothing was changed.", info)


class ApprovalIncomplete(Refused):
    """An approval of another part of the house is still missing."""

    def __init__(self, missing: Iterable[ApprovalFunction]) -> None:
        """Name the parts of the house that have not approved yet."""
        functions = sorted(str(function) for function in missing)
        super().__init__(
            "mbr.approval_incomplete",
            f"The approval of {' and '.join(functions)} is missing. Nothing was changed.",
            {"missing": functions},
        )


class ReasonMissing(Refused):
    """A version is returned or requested only with a reason."""

    def __init__(self) -> None:
        """Ask for the reason."""
        super().__init__(
            "mbr.reason", "State the reason. Nothing was changed.", {"missing": ["reason"]}
        )


def _place(issue: Issue) -> str:
    return f"line {issue.line}" if issue.line is not None else issue.path
