"""What must be true after a kill: nothing acknowledged lost, nothing half, nothing twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from soak.hands import Acknowledged

_COUNTS = "SELECT COUNT(DISTINCT command_id), COUNT(*) FROM ledger_event"
_GAPS = (
    "SELECT command_id FROM ledger_event GROUP BY command_id"
    " HAVING COUNT(*) <> MAX(command_position) + 1 OR MIN(command_position) <> 0"
)
_HALVES = (
    "SELECT command_id FROM ledger_event WHERE command_name = 'batch.complete_step'"
    " GROUP BY command_id"
    " HAVING SUM(CASE type WHEN 'batch.step.value_entered' THEN 1 ELSE 0 END) <> 1"
    " OR SUM(CASE type WHEN 'batch.step.completed' THEN 1 ELSE 0 END) <> 1"
)
_TWICE = (
    "SELECT stream || ' ' || ({step_id}) AS step FROM ledger_event"
    " WHERE type = 'batch.step.completed' GROUP BY 1 HAVING COUNT(*) > 1"
)


@dataclass(slots=True)
class Findings:
    """What was looked at and what was wrong; empty lists are what is hoped for."""

    acknowledged: int = 0
    commands: int = 0
    events: int = 0
    compared: int = 0
    wrong: list[str] = field(default_factory=list)


def check(data: Path, findings: Findings, acts: Iterable[Acknowledged], *, compare: bool) -> None:
    """Look at everything that a kill could have hurt.

    Args:
        data: The data directory.
        findings: Takes what is found.
        acts: What the server acknowledged since the last check.
        compare: Fold the whole ledger again and compare every row with it.
    """
    acts = list(acts)
    _check_acknowledged(findings, acts)
    _check_whole(findings)
    _check_sound(findings, data)
    if compare:
        _check_rows(findings)


def recorded(command_id: str) -> list[Any]:
    """Return the events that a command made, in order."""
    from daytwo.record.ledger.append import prior  # noqa: PLC0415 - after setup

    return prior(command_id)


def _check_acknowledged(findings: Findings, acts: list[Acknowledged]) -> None:
    for act in acts:
        found = tuple((e.seq, e.stream, e.version, e.hash) for e in recorded(act.command_id))
        if found != act.events:
            findings.wrong.append(
                f"acknowledged {act.batch_id} {act.step_id} ({act.command_id}):"
                f" {len(act.events)} events told, {len(found)} there"
            )
    findings.acknowledged += len(acts)


def _check_whole(findings: Findings) -> None:
    """Every act in the ledger is whole, and no step was done by two of them."""
    from daytwo.record.ledger.sql import fetch_all, is_postgresql  # noqa: PLC0415 - after setup

    step_id = "payload::json ->> 'step_id'" if is_postgresql() else "payload ->> '$.step_id'"
    for question, told in (
        (_GAPS, "half an act: {} has parts missing"),
        (_HALVES, "half a step: {} lacks its entry or its completion"),
        (_TWICE.format(step_id=step_id), "twice: {} was completed by more than one act"),
    ):
        findings.wrong += [told.format(row[0]) for row in fetch_all(question)]
    findings.commands, findings.events = fetch_all(_COUNTS)[0]


def _check_sound(findings: Findings, data: Path) -> None:
    from daytwo.record.ledger.verify import verify  # noqa: PLC0415 - after setup

    found = verify(data)
    findings.wrong += [f"{b.stream} version {b.version}: {b.why}" for b in found.broken]


def _check_rows(findings: Findings) -> None:
    from daytwo.record.ledger.rebuild import compare  # noqa: PLC0415 - after setup

    found = compare()
    findings.wrong += [
        f"{d.table}: {d.missing} row(s) missing, {d.surplus} too many" for d in found.differing
    ]
    findings.compared += 1
