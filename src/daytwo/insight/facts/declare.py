"""How a fact is declared: its grain, key, columns with units, and the events it is folded from."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

from daytwo.kernel.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from daytwo.insight.facts.happening import Happening

Row: TypeAlias = dict[str, Any]
"""One row of a fact: values by column, and the fold's own memory under `STATE`."""
Key: TypeAlias = tuple[Any, ...]
"""The values of a fact's key columns."""
Changes: TypeAlias = "Mapping[str, Any]"

STATE = "_state"
"""The fold's own memory in a row: what no column shows and the next event needs."""
BORN = "_born"
"""Whether the row is one yet: an event may speak of a batch that nobody has planned so far."""


class Kind(StrEnum):
    """The types that every engine treats alike; times are whole microseconds of UTC."""

    TEXT = "text"
    I64 = "i64"
    F64 = "f64"
    BOOL = "bool"


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        name: With its unit, such as `hold_h`.
        kind: Its type.
        meaning: In a line.
        default: Before any event said something; None is *unknown*.
    """

    name: str
    kind: Kind
    meaning: str
    default: Any = None


def text(name: str, meaning: str) -> tuple[Column, ...]:
    """Declare a text."""
    return (Column(name, Kind.TEXT, meaning),)


def moment(name: str, meaning: str, *, seq: bool = False) -> tuple[Column, ...]:
    """Declare a time, `<name>_us`; with `seq` also `<name>_seq`, the event that says so."""
    at = Column(f"{name}_us", Kind.I64, f"{meaning}; microseconds UTC")
    if not seq:
        return (at,)
    return (at, Column(f"{name}_seq", Kind.I64, f"the ledger's number of that event ({name})"))


def count(name: str, meaning: str) -> tuple[Column, ...]:
    """Declare a whole number that counts up from 0."""
    return (Column(name, Kind.I64, meaning, 0),)


def whole(name: str, meaning: str) -> tuple[Column, ...]:
    """Declare a whole number that may be unknown."""
    return (Column(name, Kind.I64, meaning),)


def number(name: str, meaning: str) -> tuple[Column, ...]:
    """Declare a float, its unit in the name."""
    return (Column(name, Kind.F64, meaning),)


def sum_of(name: str, meaning: str) -> tuple[Column, ...]:
    """Declare a float that adds up from 0, its unit in the name."""
    return (Column(name, Kind.F64, meaning, 0.0),)


def flag(name: str, meaning: str) -> tuple[Column, ...]:
    """Declare a truth value that is false until an event says otherwise."""
    return (Column(name, Kind.BOOL, meaning, False),)  # noqa: FBT003 - a column's default


STANDARD = (
    Column("site", Kind.TEXT, "the site, as its export or its configuration names it"),
    Column("origin", Kind.TEXT, "`native`, `simulation` or `import`, of the first event"),
    Column("seq_first", Kind.I64, "the ledger's number of the first event in the row"),
    Column("seq_last", Kind.I64, "the ledger's number of the last event in the row"),
    Column("month", Kind.TEXT, "`YYYY-MM` of the anchor time: the partition"),
)
"""What every fact has besides its own columns."""


@dataclass(frozen=True, slots=True)
class Fold:
    """What a fact makes of one type of event.

    Attributes:
        keys: The rows that the event is about.
        apply: From a row and the event to the columns that change; it reads and changes nothing
            else.
    """

    keys: Callable[[Happening], Iterable[Key]]
    apply: Callable[[Mapping[str, Any], Happening], Changes]


@dataclass(frozen=True, slots=True)
class Inherited:
    """Columns that a row takes from the row of what it belongs to.

    Attributes:
        fact: The other fact, of which `by` is the whole key.
        by: The column that names it.
        columns: What is taken, where the row does not know better.
    """

    fact: str
    by: str
    columns: tuple[str, ...]


def _nothing(row: Mapping[str, Any]) -> Changes:  # noqa: ARG001 - one form for all
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A fact table.

    Attributes:
        name: The table.
        grain: What one row is.
        key: The columns that no two rows share.
        anchor: Times of which the first that is known decides the month.
        own: The columns besides the key and `STANDARD`.
        keyed: Meaning of each key column.
        folds: By event type.
        after: Facts that are folded before, because this one reads their rows.
        inherits: What rows take from a row of another fact.
        born: Event types from which on a row counts; none: every event makes one.
        derive: Columns that follow from others of the row.
        version: Raised when the fold says something else than before.
    """

    name: str
    grain: str
    key: tuple[Column, ...]
    anchor: tuple[str, ...]
    own: tuple[Column, ...]
    folds: Mapping[str, Fold]
    after: tuple[str, ...] = ()
    inherits: Inherited | None = None
    born: frozenset[str] = frozenset()
    derive: Callable[[Mapping[str, Any]], Changes] = _nothing
    version: int = 1
    defaults: Row = field(init=False)
    columns: tuple[Column, ...] = field(init=False)
    key_names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Lay the columns out, and refuse what cannot be meant."""
        columns = (*self.key, *self.own, *STANDARD)
        names = [column.name for column in columns]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise Fault("facts.duplicate", f"{self.name}: two columns are named {twice}.")
        strangers = set(self.anchor) - set(names)
        if self.inherits is not None:
            strangers |= {self.inherits.by, *self.inherits.columns} - set(names)
        if strangers:
            raise Fault("facts.column", f"{self.name} has no column {sorted(strangers)}.")
        if strange := sorted(self.born - set(self.folds)):
            raise Fault("facts.event", f"{self.name} is born of {strange}, which it does not fold.")
        object.__setattr__(self, "columns", columns)
        object.__setattr__(self, "key_names", tuple(column.name for column in self.key))
        object.__setattr__(self, "defaults", {c.name: c.default for c in columns})

    def new(self, key: Key) -> Row:
        """Return the row of a key of which nothing is known yet."""
        row = dict(self.defaults)
        row.update(zip(self.key_names, key, strict=True))
        row[STATE] = {}
        row[BORN] = False
        return row

    def key_of(self, row: Mapping[str, Any]) -> Key:
        """Return a row's key."""
        return tuple(row[name] for name in self.key_names)
