"""Who may do what, and what must be kept apart: pure predicates over values."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from daytwo.record.access.enums import Permission as P  # noqa: N817 - the table is read often
from daytwo.record.access.enums import Role as R  # noqa: N817 - the table is read often
from daytwo.record.access.errors import SegregationRefused

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

FAILURES_BEFORE_LOCK = 5
"""Wrong passwords in a row that lock an account (21 CFR 11.300(d))."""
FAILURES_BEFORE_SILENCE = 10
"""From here on a locked account no longer tells even the right password that it is locked: else who
guesses on would learn which one it is."""
IDLE_SECONDS = 600
"""A session without a request for this long has ended; nothing switches this off (Annex 11 §12)."""
SIGNING_SECONDS = 600
"""How long a statement that was shown may be signed."""
PASSWORD_LEAST = 12
"""Characters of a password (NIST SP 800-63B asks 8 with a second factor, 15 without; a floor)."""
PASSWORD_DAYS_MOST = 365
"""A password older than this must be changed before it can do or sign anything (11.300(b))."""
TOKEN_DAYS_MOST = 365
"""How long a program's token may live."""

_EVERYONE = frozenset(R)
_GMP = _EVERYONE - {R.ADMINISTRATOR, R.INTEGRATOR}
MATRIX: dict[P, frozenset[R]] = {
    P.ACCOUNT_OWN: _EVERYONE,
    P.PEOPLE_READ: frozenset({R.ADMINISTRATOR, R.AUDITOR, R.QUALITY}),
    P.PEOPLE_MANAGE: frozenset({R.ADMINISTRATOR}),
    P.MBR_READ: _GMP,
    P.MBR_WRITE: frozenset({R.AUTHOR}),
    P.MBR_CHECK: frozenset({R.SUPERVISOR}),
    P.MBR_APPROVE: frozenset({R.QUALITY}),
    P.MBR_RETURN: frozenset({R.SUPERVISOR, R.QUALITY}),
    P.ORDER_ISSUE: frozenset({R.SUPERVISOR}),
    P.RESOURCE_READ: _GMP,
    P.RESOURCE_MANAGE: frozenset({R.SUPERVISOR}),
    P.LOT_RELEASE: frozenset({R.QUALITY}),
    P.BATCH_READ: _GMP,
    P.BATCH_EXECUTE: frozenset({R.OPERATOR, R.SUPERVISOR}),
    P.BATCH_VERIFY: frozenset({R.OPERATOR, R.SUPERVISOR}),
    P.BATCH_SUPERVISE: frozenset({R.SUPERVISOR}),
    P.DISCREPANCY_RAISE: frozenset({R.OPERATOR, R.SUPERVISOR, R.QUALITY, R.ANALYST}),
    P.DISCREPANCY_CLASSIFY: frozenset({R.QUALITY}),
    P.BATCH_REVIEW: frozenset({R.QUALITY}),
    P.BATCH_DISPOSE: frozenset({R.QUALITY, R.QUALIFIED_PERSON}),
    P.KPI_READ: _GMP,
    P.VALUE_MANAGE: frozenset({R.LEADER, R.QUALITY}),
    P.AUDIT_READ: frozenset({R.AUDITOR, R.QUALITY, R.QUALIFIED_PERSON}),
    P.RECORD_EXPORT: frozenset({R.AUDITOR, R.QUALITY, R.QUALIFIED_PERSON}),
    P.LEDGER_VERIFY: frozenset({R.AUDITOR, R.QUALITY, R.ADMINISTRATOR, R.INTEGRATOR}),
    P.IMPORT_RUN: frozenset({R.INTEGRATOR}),
    P.METRICS_READ: frozenset({R.ADMINISTRATOR, R.INTEGRATOR}),
}
"""The role x action matrix; the only place where a right is given (21 CFR 11.10(g))."""


def allowed(roles: Iterable[str], permission: P) -> bool:
    """Say whether any of the roles gives the permission.

    References:
        21 CFR 11.10(d), (g); EU GMP Annex 11 §12.
    """
    return acting_role(roles, permission) is not None


def acting_role(roles: Iterable[str], permission: P) -> R | None:
    """Return the role under which a person acts: the first, in the order of `Role`, that may.

    References:
        21 CFR 11.10(g): authority checks; draft Annex 11 (2025) §12.2: the role is recorded.
    """
    held = set(roles)
    return next((role for role in R if role in held and role in MATRIX[permission]), None)


def who_can(permission: P) -> tuple[str, ...]:
    """Return the roles that give a permission, sorted, for the message of a refusal.

    References:
        ISA-101 §6: a message says what to do next.
    """
    return tuple(sorted(MATRIX[permission]))


def check_roles_apart(held: Iterable[str], role: R) -> None:
    """Refuse a role that would join system administration with GMP work.

    References:
        Draft EU GMP Annex 11 (2025) §11.10, §12.3; PIC/S PI 041-1 §9.3: segregation of duties.
    """
    present = set(held)
    apart = {R.ADMINISTRATOR}
    joined = present | {role}
    if joined & apart and joined - apart:
        raise SegregationRefused(
            "administrator",
            "An administrator has no GMP role: give the roles to different persons.",
        )


def check_other_person(doer: str, checker: str, act: str) -> None:
    """Refuse that one person does and checks, or writes and approves.

    References:
        21 CFR 211.186(a), 211.188(b)(11), 211.101(d); 11.10(g).
    """
    if doer == checker:
        raise SegregationRefused(
            "same_person",
            f"{act} needs another person than the one who did the work. Nothing was changed.",
        )


def password_expired(set_at: datetime | None, at: datetime) -> bool:
    """Say whether a password is older than the site allows; one never set counts as expired.

    References:
        21 CFR 11.300(b): passwords are periodically checked, recalled, or revised.
    """
    return set_at is None or at - set_at > timedelta(days=PASSWORD_DAYS_MOST)


def check_password(password: str, person_id: str, name: str) -> None:
    """Refuse a password that is short or made of the person's own name.

    References:
        21 CFR 11.300; NIST SP 800-63B §5.1.1.
    """
    lowered = password.lower()
    if not password.isprintable():
        raise SegregationRefused("password", "A password is made of signs that can be printed.")
    if len(password) < PASSWORD_LEAST:
        raise SegregationRefused(
            "password", f"A password needs at least {PASSWORD_LEAST} characters."
        )
    parts = [part for part in (person_id.lower(), *name.lower().split()) if len(part) > 3]  # noqa: PLR2004
    if any(part in lowered for part in parts) or len(set(lowered)) < 5:  # noqa: PLR2004
        raise SegregationRefused("password", "Choose a password without your name or repetition.")
