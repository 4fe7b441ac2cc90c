"""Any importable event of the catalogue from a row: fields by their types, nothing guessed."""

from __future__ import annotations

import dataclasses
import re
import typing
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from daytwo.doors.connectors.tables.templates import Ref, Template, reference, template
from daytwo.doors.connectors.tables.values import Moment
from daytwo.doors.connectors.tables.view import Absent, RowView
from daytwo.kernel.clock import Day, day, stamp
from daytwo.kernel.errors import Refused
from daytwo.kernel.quantity import Quantity
from daytwo.record.ledger.catalogue import EventType, entries, entry_named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Maker = Callable[[RowView], Any]

_STREAM = re.compile(r"[a-z_]+/[A-Za-z0-9][A-Za-z0-9._:@+/-]{0,150}")
_ANY = "*"
_TRUTH = {"true": True, "false": False}


class Unmakeable(Exception):  # noqa: N818 - what the record is
    """A record cannot be made of values that could be read; the text says why.

    Attributes:
        field: The column that it is about; empty where it is about several.
    """

    def __init__(self, why: str, field: str = "") -> None:
        super().__init__(why)
        self.field = field


class NoDay(Unmakeable):
    """A day is wanted, and the source gives none; an event that may be without it is."""


@dataclass(frozen=True, slots=True)
class EventSpec:
    """How a row makes one event.

    Attributes:
        entry: The event's kind.
        makers: For each field its name, what makes it of a row, and whether it may be missing.
        key: What tells two of them apart.
        when: Columns with the texts that they must hold; no text at all asks for a blank.
        by: Who did it; None where the source does not say.
        role: That person's role or team.
        recorded: When the source wrote it down.
        reason: Why.
        once: Several rows may tell of the same event; the first counts.
        nullable: Fields without a default that may be unknown.
    """

    entry: EventType
    makers: tuple[tuple[str, Maker, bool], ...]
    key: tuple[Template, ...]
    when: tuple[tuple[Ref, frozenset[str]], ...]
    by: Template | None
    role: Template | None
    recorded: Ref | None
    reason: Template | None
    once: bool
    nullable: tuple[str, ...]


def importable() -> tuple[EventType, ...]:
    """Return the events that an import may make, by name."""
    return tuple(entry for entry in entries() if entry.stream)


def fields_of(entry: EventType) -> dict[str, tuple[Any, bool]]:
    """Return each field's type and whether it may be left out."""
    hints = typing.get_type_hints(entry.cls)
    return {
        field.name: (
            hints[field.name],
            field.default is not dataclasses.MISSING
            or field.default_factory is not dataclasses.MISSING
            or type(None) in typing.get_args(hints[field.name]),
        )
        for field in dataclasses.fields(entry.cls)
    }


def event_spec(record: Mapping[str, Any]) -> EventSpec:
    """Return the specification of a record that was found to make sense."""
    entry = entry_named(record["make"])
    known = fields_of(entry)
    names = {name: source for name, source in record["fields"].items() if isinstance(source, str)}
    key = [record["key"]] if "key" in record else [names[name] for name in entry.key]
    return EventSpec(
        entry=entry,
        makers=tuple(
            (name, maker(known[name][0], source), known[name][1])
            for name, source in record["fields"].items()
        ),
        key=tuple(template(text) for text in key),
        when=tuple(
            (reference(column), frozenset(texts))
            for column, texts in record.get("when", {}).items()
        ),
        by=_template(record, "by"),
        role=_template(record, "role"),
        recorded=reference(record["recorded"]) if "recorded" in record else None,
        reason=_template(record, "reason"),
        once=record.get("once", False),
        nullable=tuple(
            field.name
            for field in dataclasses.fields(entry.cls)
            if field.default is dataclasses.MISSING
            and field.default_factory is dataclasses.MISSING
            and known[field.name][1]
        ),
    )


def maker(hint: Any, source: Any) -> Maker:
    """Return what makes a field's value of a row.

    Args:
        hint: The field's type in its event.
        source: A text with columns in it, a fixed number or truth value, or an object of texts.

    Raises:
        ValueError: A field of this type cannot be made of such a source.
    """
    kind = _plain(hint)
    if kind is Quantity:
        return _quantity(source)
    if typing.get_origin(kind) is dict:
        return _texts(source)
    if kind is bool or kind is int:
        return _fixed_or_read(kind, source)
    if not isinstance(source, str):
        message = "give a text, with {column} in it where a column's value belongs"
        raise ValueError(message)  # noqa: TRY004 - a mapping's value, judged with the others
    if kind is datetime:
        return _instant(source)
    if kind is Day:
        return _day(source)
    if kind is str:
        return _text(source)
    message = f"a field of type {kind} cannot be made of a row"
    raise ValueError(message)


def applies(spec: EventSpec, view: RowView) -> bool:
    """Tell whether a row holds what the specification asks for."""
    for ref, texts in spec.when:
        try:
            cell = view.cell(ref)
        except Absent:
            # Set aside, and told so: the row may have been meant, and is not passed over.
            return True
        if cell is None:
            if texts:
                return False
        elif cell.text not in texts and _ANY not in texts:
            return False
    return True


def made(
    spec: EventSpec, view: RowView
) -> tuple[object, tuple[str, ...], str, tuple[Unmakeable, ...]]:
    """Return a row's event, its natural key, its stream, and why it is without which days.

    Raises:
        Absent: What tells it apart is blank or set aside.
        Unmakeable: Its values make no event, or one that it needs is blank or set aside.
    """
    values: dict[str, Any] = {}
    without: list[Unmakeable] = []
    for name, make, optional in spec.makers:
        try:
            values[name] = make(view)
        except Absent as absent:
            if not optional:
                raise Unmakeable(f"needs {absent}, which is blank or set aside") from None
        except NoDay as no_day:
            if not optional:
                raise
            without.append(no_day)
    event = spec.entry.cls(**(dict.fromkeys(spec.nullable) | values))
    stream = spec.entry.stream_of(event)
    if not _STREAM.fullmatch(stream):
        raise Unmakeable(
            f"{stream[:80]!r} cannot name its object: letters, digits and ._:@+/- only, at most "
            "150; use a value map or another template"
        )
    return event, tuple(view.text(part) for part in spec.key), stream, tuple(without)


def about(spec: EventSpec, view: RowView) -> dict[str, str]:
    """Return who did it, in which role, when it was written down and why; only what is known."""
    found: dict[str, str] = {}
    for name, part in (("by", spec.by), ("role", spec.role), ("reason", spec.reason)):
        if part is not None:
            try:
                found[name] = view.text(part)
            except Absent:
                continue
    if spec.recorded is not None:
        try:
            cell = view.cell(spec.recorded)
        except Absent:
            cell = None
        if cell is not None and isinstance(cell.value, Moment):
            found["recorded"] = stamp(cell.value.starts)
    return found


def templates_of(source: Any) -> Iterator[str]:
    """Yield the texts of a field's source."""
    if isinstance(source, str):
        yield source
    elif isinstance(source, dict):
        yield from source.values()


def _plain(hint: Any) -> Any:
    parts = [part for part in typing.get_args(hint) if part is not type(None)]
    return parts[0] if len(parts) == 1 and type(None) in typing.get_args(hint) else hint


def _template(record: Mapping[str, Any], name: str) -> Template | None:
    return template(record[name]) if name in record else None


def _text(source: str) -> Maker:
    whole = template(source)
    alone = _alone(whole)
    if alone is None:
        return lambda view: view.text(whole)

    def read(view: RowView) -> str:
        # A date that stands alone is given as ISO; within a text it stays as it is written.
        cell = view.cell(alone)
        if cell is None:
            raise Absent(str(alone))
        return cell.value.text if isinstance(cell.value, Moment) else cell.text

    return read


def _day(source: str) -> Maker:
    whole = template(source)
    alone, text = _alone(whole), _text(source)

    def read(view: RowView) -> Day:
        cell = None if alone is None else view.cell(alone)
        if cell is not None and isinstance(cell.value, Moment):
            if cell.value.day is None:
                raise NoDay(f"should be a day; the source gives only {cell.value.text}", str(alone))
            return cell.value.day
        try:
            return day(text(view))
        except Refused as refusal:
            raise NoDay(str(refusal), "" if alone is None else str(alone)) from None

    return read


def _instant(source: str) -> Maker:
    alone = _need_alone(source, "a date column")

    def read(view: RowView) -> datetime:
        cell = view.cell(alone)
        if cell is None:
            raise Absent(str(alone))
        if not isinstance(cell.value, Moment):
            raise Unmakeable(f"{alone} is not a date")
        return cell.value.starts

    return read


def _quantity(source: Any) -> Maker:
    given = source if isinstance(source, dict) else {"number": source}
    if not isinstance(given.get("number"), str) or set(given) - {"number", "unit"}:
        message = "a quantity is {column} of a number, or {number: '{column}', unit: kg}"
        raise ValueError(message)
    number = _need_alone(given["number"], "a number column")
    unit = template(given["unit"]) if "unit" in given else None

    def read(view: RowView) -> Quantity:
        cell = view.cell(number)
        if cell is None:
            raise Absent(str(number))
        if not isinstance(cell.value, Decimal):
            raise Unmakeable(f"{number} is not a number")
        return Quantity(cell.value, view.text(unit) if unit else _unit(view, number))

    return read


def _texts(source: Any) -> Maker:
    if not isinstance(source, dict):
        message = "give an object of texts, such as {value: '{value}'}"
        raise ValueError(message)  # noqa: TRY004 - a mapping's value, judged with the others
    parts = {name: template(text) for name, text in source.items()}

    def read(view: RowView) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, part in parts.items():
            try:
                found[name] = view.text(part)
            except Absent:
                continue
        if not found:
            raise Absent(", ".join(parts))
        return found

    return read


def _fixed_or_read(kind: type, source: Any) -> Maker:
    if isinstance(source, kind) and isinstance(source, bool) is (kind is bool):
        return lambda view: source  # noqa: ARG005 - the same for every row
    if not isinstance(source, str):
        message = f"give {'true or false' if kind is bool else 'a whole number'}, or a column"
        raise ValueError(message)  # noqa: TRY004 - a mapping's value, judged with the others
    whole = template(source)

    def read(view: RowView) -> Any:
        text = view.text(whole)
        if kind is bool:
            if text not in _TRUTH:
                raise Unmakeable(f"{text[:40]!r} is neither true nor false: use a value map")
            return _TRUTH[text]
        if not text.lstrip("+-").isdigit():
            raise Unmakeable(f"{text[:40]!r} is not a whole number")
        return int(text)

    return read


def _alone(whole: Template) -> Ref | None:
    """Return the reference that a text consists of; None when there is more to it."""
    part = whole.parts[0] if len(whole.parts) == 1 else None
    return part if isinstance(part, Ref) else None


def _need_alone(source: str, what: str) -> Ref:
    alone = _alone(template(source))
    if alone is None:
        message = f"must be {what} and nothing else, such as '{{column}}'"
        raise ValueError(message)
    return alone


def _unit(view: RowView, ref: Ref) -> str:
    partner = view.partners.get(ref.lookup) if ref.lookup else view
    return "" if partner is None else partner.table.columns[ref.column].unit
