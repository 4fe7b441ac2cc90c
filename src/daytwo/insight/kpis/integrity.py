"""Data integrity as the facts show it: what ALCOA+ asks for, letter by letter, by source system."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from daytwo.insight.kpis.calendar import index
from daytwo.insight.kpis.integritychecks import CHECKS, TIMES, Check
from daytwo.insight.kpis.subjects import certain
from daytwo.kernel.errors import Unknown
from daytwo.record.ledger.reading import events

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ibis.expr.types import Table

    from daytwo.insight.kpis.cohort import Question
    from daytwo.insight.kpis.subjects import Facts

Runs = tuple[tuple[int, str], ...]
"""(number of the event that closes an import run, system it read), in the ledger's order."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What one check finds.

    Attributes:
        check: The check.
        of: Rows that it looks at.
        broken: Rows that break it.
        systems: (system, of, broken), the most broken first.
    """

    check: Check
    of: int
    broken: int
    systems: tuple[tuple[str, int, int], ...]

    @property
    def share(self) -> float | None:
        """Broken of all, per cent; None when nothing is looked at."""
        return 100 * self.broken / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Found:
    """One row that breaks a check: what it is, and the events behind it."""

    subject: str
    batch_id: str | None
    system: str
    at_us: int | None
    seq_first: int
    seq_last: int


@dataclass(frozen=True, slots=True)
class Drift:
    """The server's clock jumped, as the clock watch recorded it."""

    seq: int
    at: str
    drift_ms: int


def tallies(facts: Facts, question: Question, runs: Runs) -> list[Tally]:
    """Return what each check finds in a period, in the order of `CHECKS` and `TIMES`.

    Args:
        facts: The facts.
        question: Period and filters; a fact without such a column is not narrowed by it.
        runs: Of the imports, so that a row can be told to the system that it came from.

    References:
        MHRA, GxP data integrity guidance (2018) §3, ALCOA+; WHO TRS 1033 Annex 4 (2021).
    """
    by_fact: defaultdict[tuple[str, str], list[Check]] = defaultdict(list)
    for check in (*CHECKS, *TIMES):
        by_fact[check.fact, check.at].append(check)
    found: dict[str, list[tuple[str, int, int]]] = {}
    for checks in by_fact.values():
        found |= _counted(facts, question, runs, checks)
    return [_tally(check, found.get(check.id, [])) for check in (*CHECKS, *TIMES)]


def broken_rows(
    facts: Facts, check_id: str, question: Question, runs: Runs, limit: int = 500
) -> list[Found]:
    """Return the rows that break a check, the latest first.

    Raises:
        Unknown: There is no such check.
    """
    check = named(check_id)
    table = _within(facts, question, runs, check)
    table = table.filter(certain(check.base(table)) & certain(check.broken(table)))
    subject = table[check.subject[0]].cast("string")
    for name in check.subject[1:]:
        subject = subject + "/" + table[name].cast("string")
    batch = table.batch_id if "batch_id" in table.columns else None
    shown = table.select(
        subject=subject.coalesce(""),
        batch_id=subject.nullif(subject) if batch is None else batch,
        system=table.system,
        at_us=table[check.at],
        seq_first=table.seq_first,
        seq_last=table.seq_last,
    )
    ordered = shown.order_by([shown.at_us.desc(), shown.seq_first.desc()]).limit(limit)
    return [Found(**row) for row in facts.engine.rows(ordered)]


def named(check_id: str) -> Check:
    """Return a check; `Unknown` when there is none of this name."""
    found = next((check for check in (*CHECKS, *TIMES) if check.id == check_id), None)
    if found is None:
        raise Unknown("integrity.check_unknown", f"There is no check {check_id!r}.")
    return found


def drifts() -> list[Drift]:
    """Return every jump of the server's clock on record, the latest first."""
    found = events(("system.clock.drifted",))
    made = [Drift(e.seq, e.occurred_text, int(e.payload["drift_ms"])) for e in found]
    return made[::-1]


def _counted(
    facts: Facts, question: Question, runs: Runs, checks: Sequence[Check]
) -> dict[str, list[tuple[str, int, int]]]:
    table = _within(facts, question, runs, checks[0])
    sums = {}
    for check in checks:
        base = certain(check.base(table))
        sums[f"of_{check.id}"] = base.sum()
        sums[f"broken_{check.id}"] = (base & certain(check.broken(table))).sum()
    found: dict[str, list[tuple[str, int, int]]] = {check.id: [] for check in checks}
    for row in facts.engine.rows(table.group_by("system").aggregate(**sums)):
        for check in checks:
            of, broken = row[f"of_{check.id}"] or 0, row[f"broken_{check.id}"] or 0
            if of:
                found[check.id].append((row["system"], of, broken))
    return found


def _within(facts: Facts, question: Question, runs: Runs, check: Check) -> Table:
    """Return the rows of a check's fact in the period, each with the system it came from."""
    import ibis  # noqa: PLC0415 - half a second that only a figure should cost

    table = facts.table(check.fact)
    for name, value in question.where.items():
        if name in table.columns:
            table = table.filter(table[name] == value)
    at, period = table[check.at], question.period
    if period.since_us is not None:
        table = table.filter(certain(at >= period.since_us))
    if period.until_us is not None:
        table = table.filter(certain(at < period.until_us))
    if not runs:
        return table.mutate(system=table.origin)
    ends = [0, *(seq + 1 for seq, _ in runs)]
    place = index(table.seq_first, ends)
    brought: Any = ibis.cases(
        *((place == n, system) for n, (_, system) in enumerate(runs)), else_="import"
    )
    return table.mutate(system=ibis.ifelse(table.origin == "import", brought, table.origin))


def _tally(check: Check, systems: Iterable[tuple[str, int, int]]) -> Tally:
    ordered = sorted(systems, key=lambda s: (-s[2], s[0]))
    return Tally(
        check, sum(of for _, of, _ in ordered), sum(n for _, _, n in ordered), tuple(ordered)
    )
