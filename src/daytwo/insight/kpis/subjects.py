"""The subject table of a KPI: one row a subject, counted, open or left out with the reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    import pyarrow as pa
    from ibis.expr.types import BooleanValue, Table, Value

MINUTE_US = 60_000_000
HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US

SHIFT = "shift"
DIMENSIONS = (
    "site",
    "product_code",
    "line",
    "mbr",
    "team",
    "origin",
    "severity",
    "category",
    "area",
    "equipment_id",
    "stage",
    "test_code",
    "operation",
    SHIFT,
)
"""Everything by which a figure can be split; a definition names those that its subjects have.

The shift is told from `happened_us` where it is asked for: `shifts.with_shift`.
"""

SHIFTS = (6 * 60, 14 * 60, 22 * 60)
"""When shifts begin where a site says nothing else, minutes after midnight."""

BATCH_DIMENSIONS = ("site", "product_code", "line", "mbr", "origin")
"""What every batch can be told apart by."""

DEVIATION_DIMENSIONS = (
    "site",
    "product_code",
    "line",
    "severity",
    "category",
    "area",
    "equipment_id",
    SHIFT,
)
"""What a deviation can be told apart by when it is closed."""

COUNTED, OPEN, EXCLUDED = "counted", "open", "excluded"


class Engine(Protocol):
    """What is asked of an engine: fact tables as Ibis tables, and the rows of an expression."""

    def table(self, name: str) -> Table:
        """Return a fact table."""

    def rows(self, expression: Table) -> list[dict[str, Any]]:
        """Run an expression."""

    def holding(self, name: str, expression: Table) -> AbstractContextManager[Table]:
        """Give a table of an expression's rows, for several questions about them."""

    def arrows(self, expressions: Iterable[Table]) -> Iterator[pa.Table]:
        """Run expressions in their order; Arrow tables."""


@dataclass(frozen=True, slots=True)
class Held:
    """A part of a definition's subjects, made for several questions about it.

    Attributes:
        table: The subjects.
        since_us: What stopped before it is not among them; None when nothing is left out.
        where: Only these values of dimensions are among them.
    """

    table: Table
    since_us: int | None
    where: Mapping[str, str]

    def answers(self, since_us: int | None, where: Mapping[str, str]) -> bool:
        """Say whether all that such a question is about is among them."""
        early = self.since_us is not None and (since_us is None or since_us < self.since_us)
        return not early and self.where.items() <= where.items()


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts a definition reads.

    Attributes:
        engine: Gives fact tables by name and runs expressions over them.
        now_us: The present, microseconds UTC: open subjects are as old as it says.
        zone: IANA zone of the site: its days, weeks and months.
        seq: Everything up to here in the ledger is in; 0 where there is no ledger behind it.
        shifts: When the site's shifts begin, minutes after midnight, ascending.
        held: Subjects that are made already, by their definition's id and version.
    """

    engine: Engine
    now_us: int
    zone: str = "UTC"
    seq: int = 0
    shifts: tuple[int, ...] = SHIFTS
    held: Mapping[tuple[str, int], Held] = field(default_factory=dict)

    def table(self, name: str) -> Table:
        """Return a fact table."""
        return self.engine.table(name)


@dataclass(frozen=True, slots=True)
class Rule:
    """Why a subject does not count; the first rule that holds is its reason.

    Attributes:
        when: Holds for the subject; unknown counts as no.
        why: The reason, in words; empty when it is open.
        state: `excluded` or `open`.
        missing: The record lacks something that it should have: lowers the coverage.
    """

    when: BooleanValue
    why: str
    state: str = EXCLUDED
    missing: bool = False


def leave_out(when: BooleanValue, why: str) -> Rule:
    """Leave subjects out that the definition does not speak of."""
    return Rule(when, why)


def lacking(when: BooleanValue, why: str) -> Rule:
    """Leave subjects out for which the record lacks a time or a value."""
    return Rule(when, why, missing=True)


def waiting(when: BooleanValue) -> Rule:
    """Call subjects open: their stop event has not come."""
    return Rule(when, "", state=OPEN)


def subjects(  # noqa: PLR0913 - the columns of a subject, each by its name
    table: Table,
    *,
    subject: Value,
    stop_us: Value,
    rules: Sequence[Rule] = (),
    kind: str = "batch",
    value: Value | None = None,
    numerator: Value | float | None = None,
    denominator: Value | float | None = None,
    start_us: Value | None = None,
    start_seq: Value | None = None,
    stop_seq: Value | None = None,
    person: Value | None = None,
    happened_us: Value | None = None,
    dimensions: Mapping[str, Value] | None = None,
) -> Table:
    """Return the subject table over a fact table: one row for each of its rows.

    Args:
        table: A fact table, or a part of one.
        subject: Name of the subject.
        stop_us: The cohort's time; for what is left out the latest time that is known.
        rules: In the order in which they are asked.
        kind: What the subject is, such as `batch`.
        value: In the definition's unit, for a median.
        numerator: For a share, a rate or a ratio.
        denominator: Likewise.
        start_us: The clock's start; open subjects are as old as this says.
        start_seq: The ledger's number of the start event; else of the row's first event.
        stop_seq: Likewise of the stop event; else of the row's last.
        person: Who worked; only counted, so that a team of few is never shown.
        happened_us: When it happened: the shift is told from it.
        dimensions: Dimensions that the table has under another name or not at all.

    Returns:
        Columns `subject kind <DIMENSIONS> state why missing value numerator denominator start_us
        stop_us start_seq stop_seq person happened_us`, no shift.
    """
    import ibis  # noqa: PLC0415 - half a second that only a figure should cost

    state, why, missing = _judged(rules)
    counted = state == COUNTED
    return table.select(
        subject=subject.cast("string"),
        kind=ibis.literal(kind),
        **_dimensions(table, dimensions or {}),
        state=state,
        why=why,
        missing=missing,
        value=_where(counted, value),
        numerator=_where(counted, numerator),
        denominator=_where(counted, denominator),
        start_us=_or_null(start_us, "int64"),
        stop_us=ibis.ifelse(state == OPEN, ibis.null("int64"), stop_us.cast("int64")),
        start_seq=_seq(start_seq, table.seq_first),
        stop_seq=_seq(stop_seq, table.seq_last),
        person=_or_null(person, "string"),
        happened_us=_or_null(happened_us, "int64"),
    )


def with_version(facts: Facts, table: Table) -> Table:
    """Return a table with the version of the master batch record of each row's batch."""
    b = facts.table("batch")
    mine = b.select("mbr_version", batch_site=b.site, batch_key=b.batch_id)
    same = [table.site == mine.batch_site, table.batch_id == mine.batch_key]
    return table.left_join(mine, same).drop("batch_site", "batch_key")


def _where(counted: BooleanValue, of: Value | float | None) -> Value:
    """Return a number of what counts, unknown for the rest."""
    import ibis  # noqa: PLC0415 - see subjects

    if of is None:
        return ibis.null("float64")
    made = ibis.literal(of) if isinstance(of, (int, float)) else of
    return ibis.ifelse(counted, made.cast("float64"), ibis.null("float64"))


def together(*tables: Table) -> Table:
    """Return subject tables as one: what happens, and what it is set against."""
    import ibis  # noqa: PLC0415 - see subjects

    return ibis.union(*tables)


def certain(condition: BooleanValue) -> Any:
    """Return a condition with unknown as no."""
    import ibis  # noqa: PLC0415 - see subjects

    return condition.fill_null(ibis.literal(value=False))


def _judged(rules: Sequence[Rule]) -> tuple[Any, Any, Any]:
    import ibis  # noqa: PLC0415 - see subjects

    holds = [(rule, certain(rule.when)) for rule in rules]
    if not holds:
        return ibis.literal(COUNTED), ibis.literal(""), ibis.literal(value=False)
    state = ibis.cases(*((when, rule.state) for rule, when in holds), else_=COUNTED)
    why = ibis.cases(*((when, rule.why) for rule, when in holds), else_="")
    missing = ibis.cases(*((when, rule.missing) for rule, when in holds), else_=False)
    return state, why, missing


def _dimensions(table: Table, given: Mapping[str, Value]) -> dict[str, Value]:
    stored = [name for name in DIMENSIONS if name != SHIFT]
    return {name: given.get(name, _dimension(table, name)).cast("string") for name in stored}


def _dimension(table: Table, name: str) -> Value:
    import ibis  # noqa: PLC0415 - see subjects

    if name in table.columns:
        return table[name]
    if name == "mbr" and "mbr_version" in table.columns:
        return table.mbr_id + ibis.literal(" v") + table.mbr_version.cast("string")
    return ibis.null("string")


def _or_null(column: Value | None, type_: str) -> Value:
    import ibis  # noqa: PLC0415 - see subjects

    return ibis.null(type_) if column is None else column.cast(type_)


def _seq(column: Value | None, otherwise: Value) -> Value:
    return otherwise.cast("int64") if column is None else column.coalesce(otherwise).cast("int64")
