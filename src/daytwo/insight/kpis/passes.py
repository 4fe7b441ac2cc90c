"""Several KPIs in one pass over the facts: what stops at the same event of the same rows.

Seventy definitions read a dozen tables. Each alone is one more pass over its table; here the
subjects of all are taken apart into passes that share their rows and their stop event, and each
pass adds up every figure that rests on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.operations as ops

from daytwo.insight.kpis.calendar import number
from daytwo.insight.kpis.measures import Kind
from daytwo.insight.kpis.persons import marked
from daytwo.insight.kpis.ranks import in_order, picked
from daytwo.insight.kpis.shifts import shift
from daytwo.insight.kpis.subjects import COUNTED, EXCLUDED, SHIFT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ibis.expr.types import BooleanValue, IntegerValue, Table

    from daytwo.insight.kpis.cohort import Question
    from daytwo.insight.kpis.definition import Definition
    from daytwo.insight.kpis.subjects import Facts

STOP, SPAN = "stop_us", "span"
COUNTS, WAITS, LEFT_OUT, LACKS = range(4)
"""Where a subject stands: the record lacks something of the last ones."""
_LITERAL = [ops.Literal(place, "int8") for place in range(4)]


@dataclass(frozen=True, slots=True)
class Branch:
    """A part of a definition's subjects that is one row for each row of a table.

    Conditions are made part of the columns that are added up: a filter of each sum would be asked
    for each, and takes most of the time of a pass.

    Attributes:
        end: Of the names of its columns.
        of: The definition.
        subject: Its columns, as operations over the pass's rows.
    """

    end: str
    of: Definition
    subject: Mapping[str, Any]

    @property
    def unit(self) -> bool:
        """Whether each subject is set against 1."""
        return _is_one(self.subject["denominator"])

    @property
    def kind(self) -> str:
        """What its subjects are, of a definition that tells kinds apart."""
        return str(self.subject["kind"].value)

    def needed(self) -> dict[str, Any]:
        """Return the columns that its sums are made of."""
        names = ["place", *self._numbers()]
        if self.of.minimum_persons:
            names.append("person")
        return {f"{name}{self.end}": self.subject[name].to_expr() for name in names}

    def counted(self, rows: Table) -> dict[str, Any]:
        """Return what is added up of each row, NULL where it does not belong to it.

        Args:
            rows: With the columns of `needed`.
        """
        place = rows[f"place{self.end}"]
        counts = place == COUNTS
        found = {"rows": _mark(place != WAITS), "missing": _mark(place == LACKS)}
        found["counted"] = _mark(counts)
        for name in self._numbers():
            found[name] = ibis.ifelse(counts, rows[f"{name}{self.end}"], ibis.null("float64"))
        if self.of.minimum_persons:
            person = rows[f"person{self.end}"]
            found["person"] = ibis.ifelse(counts, person, ibis.null("string"))
        return {f"{name}{self.end}": column for name, column in found.items()}

    def sums(self, rows: Table) -> dict[str, Any]:
        """Return the sums that its figure is made of.

        Args:
            rows: With the columns of `counted`.
        """
        kind = self.of.statistic.kind
        sums = {n: rows[f"{n}{self.end}"].count() for n in ("rows", "counted", "missing")}
        if self.of.minimum_persons:
            sums["marks"] = marked(rows[f"person{self.end}"])
        if kind is Kind.MEDIAN:
            value = rows[f"value{self.end}"]
            sums |= {"valued": value.count(), "ordered": in_order(value)}
        elif self.unit:
            y = rows[f"numerator{self.end}"]
            sums |= {"valued": y.count(), "y": y.sum()}
            sums |= {"yy": (y * y).sum()} if kind is Kind.RATIO else {}
        else:
            sums |= self._of_two(rows[f"numerator{self.end}"], rows[f"denominator{self.end}"])
        return {f"{name}{self.end}": column for name, column in sums.items()}

    def _of_two(self, y: Any, x: Any) -> dict[str, Any]:
        sums = {"valued": (x + y).count(), "exposed": _mark(x > 0).count(), "y": y.sum()}
        sums["x"] = x.sum()
        if self.of.statistic.kind is Kind.RATIO:
            sums |= {"yy": (y * y).sum(), "xx": (x * x).sum(), "xy": (x * y).sum()}
        return sums

    def _numbers(self) -> tuple[str, ...]:
        if self.of.statistic.kind is Kind.MEDIAN:
            return ("value",)
        return ("numerator",) if self.unit else ("numerator", "denominator")


@dataclass(frozen=True, slots=True)
class Pass:
    """Rows, when each stops, and the branches that are added up over them.

    Attributes:
        rows: A table.
        stop: When a row stops, if it does.
        dimensions: Those asked for, to split by or to filter by.
        branches: What is counted on the rows.
    """

    rows: Table
    stop: IntegerValue
    dimensions: Mapping[str, Any]
    branches: Sequence[Branch]

    def summed(self, question: Question, span: str, zone: str) -> Table:
        """Return one row a group and span with the sums of every branch.

        Args:
            question: Its period and filters.
            span: One of `calendar.SPANS`.
            zone: IANA zone of the site.
        """
        rows = self._counted(question, span, zone)
        sums: dict[str, Any] = {}
        for branch in self.branches:
            sums |= branch.sums(rows)
        found = rows.group_by([*question.by, SPAN]).aggregate(**sums)
        medians = [b for b in self.branches if b.of.statistic.kind is Kind.MEDIAN]
        return picked(found, [b.end for b in medians]) if medians else found

    def persons(self, question: Question, span: str, zone: str) -> Table | None:
        """Return one row a group and span with how many persons are counted; None: it matters not.

        Args:
            question: Its period and filters.
            span: One of `calendar.SPANS`.
            zone: IANA zone of the site.
        """
        rows = self._counted(question, span, zone)
        found = {
            f"persons{branch.end}": rows[f"person{branch.end}"].nunique()
            for branch in self.branches
            if branch.of.minimum_persons
        }
        return rows.group_by([*question.by, SPAN]).aggregate(**found) if found else None

    def _counted(self, question: Question, span: str, zone: str) -> Table:
        """Return the rows that a question is about with what is added up of each."""
        needed: dict[str, Any] = {**self.dimensions, STOP: self.stop}
        for branch in self.branches:
            needed |= branch.needed()
        rows = self.rows.select(**needed)
        rows = rows.filter(_asked(rows, question))
        counted: dict[str, Any] = {SPAN: number(rows[STOP], span, zone)}
        for branch in self.branches:
            counted |= branch.counted(rows)
        return rows.select(*question.by, **counted)


def passes(definitions: Sequence[Definition], facts: Facts, question: Question) -> list[Pass]:
    """Return the passes that give the figures of definitions.

    Args:
        definitions: All with the dimensions asked for.
        facts: The facts.
        question: What is asked.
    """
    names = tuple(dict.fromkeys((*question.by, *question.where)))
    found: dict[Any, list[tuple[Definition, Mapping[str, Any]]]] = {}
    for of in definitions:
        for rows, stop, columns in _branches(of, facts):
            subject = _with_shift(columns, facts) if SHIFT in names else columns
            key = (rows, stop, tuple(subject[name] for name in names))
            found.setdefault(key, []).append((of, subject))
    return [
        Pass(
            rows.to_expr(),
            stop.to_expr(),
            {name: op.to_expr() for name, op in zip(names, dimensions, strict=True)},
            [Branch(f"_{number}", of, subject) for number, (of, subject) in enumerate(parts)],
        )
        for (rows, stop, dimensions), parts in found.items()
    ]


def _with_shift(subject: Mapping[str, Any], facts: Facts) -> Mapping[str, Any]:
    happened = subject["happened_us"].to_expr()
    return {**subject, SHIFT: shift(happened, facts.zone, facts.shifts).op()}


def _branches(of: Definition, facts: Facts) -> Iterable[tuple[Any, Any, Mapping[str, Any]]]:
    """Yield the rows, the stop event and the columns of each part of a definition's subjects."""
    whole = of.subjects(facts).op()
    # A union's parts can be added up apart, but neither ranks nor persons of it.
    apart = of.statistic.kind is not Kind.MEDIAN and not of.minimum_persons
    for part in _united(whole) if apart else (whole,):
        if isinstance(part, ops.Project) and isinstance(part.values[STOP], ops.IfElse):
            values = dict(part.values)
            # `subjects` makes numbers and times depend on the state, which is asked here anyway.
            values["place"] = _place(values)
            for name in ("value", "numerator", "denominator", STOP):
                values[name] = _unconditional(values[name])
            yield part.parent, values[STOP], values
        else:
            values = {name: ops.Field(part, name) for name in part.schema.names}
            yield part, values[STOP], values | {"place": _place(values)}


def _place(subject: Mapping[str, Any]) -> Any:
    """Return where a subject stands as one number: `COUNTS`, `WAITS`, `LEFT_OUT` or `LACKS`.

    State and missing are told by the same rules in the same order: asked once, not once each.
    """
    state, missing = subject["state"], subject["missing"]
    both = isinstance(state, ops.SearchedCase) and isinstance(missing, ops.SearchedCase)
    if both and state.cases == missing.cases:
        found = zip(state.results, missing.results, strict=True)
        results = [_LITERAL[_told(one.value, lacks=two.value)] for one, two in found]
        return ops.SearchedCase(state.cases, results, _LITERAL[COUNTS])
    is_state, lacks = state.to_expr(), missing.to_expr()
    return ibis.cases(
        (is_state == COUNTED, COUNTS), (is_state != EXCLUDED, WAITS), (lacks, LACKS), else_=LEFT_OUT
    ).op()


def _told(state: str, *, lacks: bool) -> int:
    if state == COUNTED:
        return COUNTS
    if state != EXCLUDED:
        return WAITS
    return LACKS if lacks else LEFT_OUT


def _unconditional(column: Any) -> Any:
    if not isinstance(column, ops.IfElse):
        return column
    other = column.false_null_expr
    is_null = isinstance(other, ops.Literal) and other.value is None
    return column.true_expr if is_null else other


def _is_one(column: Any) -> bool:
    while isinstance(column, ops.Cast):
        column = column.arg
    return isinstance(column, ops.Literal) and column.value == 1


def _mark(condition: Any) -> Any:
    """Return 1 where a condition holds, else NULL: to be counted."""
    return ibis.ifelse(condition, 1, ibis.null("int64"))


def _united(table: Any) -> list[Any]:
    if isinstance(table, ops.Union):
        return [*_united(table.left), *_united(table.right)]
    return [table]


def _asked(rows: Table, question: Question) -> list[BooleanValue]:
    """Return what holds of the rows that a question is about; what has not stopped is not."""
    since, until = question.period.since_us, question.period.until_us
    holds = [rows[STOP].notnull()]
    holds += [] if since is None else [rows[STOP] >= since]
    holds += [] if until is None else [rows[STOP] < until]
    return holds + [rows[name] == value for name, value in question.where.items()]
