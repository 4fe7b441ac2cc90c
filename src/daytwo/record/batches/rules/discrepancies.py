"""The table of discrepancy kinds: class, severity, whether it blocks."""

from __future__ import annotations

from dataclasses import dataclass

from daytwo.record.batches.enums import DiscrepancyClass as C


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of discrepancy as the site has classed it."""

    code: str
    discrepancy_class: C
    severity: str
    blocking: bool
    says: str


KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind("alert_limit", C.VALUE, "minor", blocking=False, says="outside its alert limits"),
        Kind("action_limit", C.VALUE, "major", blocking=True, says="outside its action limits"),
        Kind("not_accepted", C.VALUE, "major", blocking=True, says="not an accepted answer"),
        Kind("corrected", C.VALUE, "minor", blocking=False, says="corrected after sign-off"),
        Kind("yield_limit", C.VALUE, "major", blocking=True, says="yield outside its limits"),
        Kind("tolerance", C.RESOURCE, "major", blocking=True, says="quantity out of tolerance"),
        Kind("reported", C.PROCEDURE, "minor", blocking=False, says="reported by a person"),
        Kind("reported_stop", C.PROCEDURE, "major", blocking=True, says="reported, work stopped"),
    )
}
"""Every kind that execution can raise; the record paper's classes carry the rest later."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A discrepancy that evaluating an entry brought up."""

    kind: Kind
    description: str


def finding(code: str, description: str) -> Finding:
    """Return a finding of a kind of the table.

    References:
        21 CFR 211.100(b), 211.103, 211.110(c): what is outside is recorded and justified.
    """
    return Finding(KINDS[code], description)
