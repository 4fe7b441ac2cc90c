"""What a row can make: the words of the mapping language and every event that imports may make."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, get_origin

from daytwo.doors.connectors.tables.generic import fields_of, importable
from daytwo.doors.connectors.tables.loading import schema
from daytwo.doors.importing import Kind
from daytwo.kernel.clock import Day
from daytwo.kernel.quantity import Quantity
from daytwo.record.ledger.catalogue import entry_named

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from daytwo.record.ledger.catalogue import EventType

DATE, NUMBER, TEXT, CHOICE, LINES, FLAG = "date", "number", "text", "choice", "lines", "flag"
_DATES = {"started", "expires", "occurred", "recorded", "time"}
_NUMBERS = {"size", "quantity", "potency"}
_LINES = {"of", "tests", "when", "columns"}
_EVENT = re.compile(r"event ([a-z_.]+)\b")
_FIELD = re.compile(r"    (\w+): (.*)")
_REST = re.compile(r"\s*(A literal, or t|T)ext with `\{column\}`.*$")
_CAPABILITIES = {"batch": "batches", "lot": "resources", "results": "laboratory"}


@dataclass(frozen=True, slots=True)
class Slot:
    """A field of a record in the mapping language.

    Attributes:
        name: In the mapping.
        takes: What may stand there.
        inside: True for a field of the event itself, which stands below `fields`.
        required: The record cannot be made without it.
        meaning: In a sentence; may be empty.
        options: For a choice.
        has_unit: A quantity that may bring a unit of its own.
    """

    name: str
    takes: str
    inside: bool = False
    required: bool = False
    meaning: str = ""
    options: tuple[str, ...] = ()
    has_unit: bool = False


def kinds(query: str) -> list[Kind]:
    """Return what a row can make, those first that are meant by more of the words.

    Args:
        query: Words to look for in name, meaning and capability; empty for all.
    """
    words = query.casefold().split()
    found = [kind for kind in _all() if all(word in _haystack(kind) for word in words)]
    return sorted(found, key=lambda kind: not any(word in kind.make for word in words))


def kind_of(make: str) -> Kind | None:
    """Return one of them, or None."""
    return next((kind for kind in _all() if kind.make == make), None)


def slots(make: str) -> tuple[Slot, ...]:
    """Return the fields that a record of a kind may have; none for an unknown kind."""
    if kind_of(make) is None:
        return ()
    return tuple(_event_slots(entry_named(make)) if "." in make else _word_slots(make))


def said(cls: type) -> tuple[str, dict[str, str]]:
    """Return what an event's docstring says of it, and of each of its fields."""
    text, _, below = (inspect.getdoc(cls) or "").partition("\nAttributes:\n")
    fields: dict[str, str] = {}
    name = ""
    for line in below.splitlines():
        found = _FIELD.fullmatch(line)
        if found:
            name = found[1]
            fields[name] = found[2]
        elif name and line.strip():
            fields[name] += f" {line.strip()}"
    return " ".join(text.split()), fields


@cache
def _all() -> tuple[Kind, ...]:
    return (*_words(), *_events())


def _words() -> Iterator[Kind]:
    for name, shape in schema()["$defs"].items():
        make = name.removeprefix("make_")
        if make in {name, "event"}:
            continue
        meaning = shape.get("description", "")
        found = _EVENT.search(meaning)
        event = found[1] if found else ""
        text = re.sub(r"[;:,]?\s*event [a-z_.]+\b", "", meaning)
        yield Kind(make, text, _CAPABILITIES.get(make, "batches"), event)


def _events() -> Iterator[Kind]:
    for entry in importable():
        capability = entry.cls.__module__.removeprefix("daytwo.record.").partition(".")[0]
        yield Kind(entry.name, said(entry.cls)[0], capability, entry.name)


def _haystack(kind: Kind) -> str:
    return f"{kind.make} {kind.event} {kind.meaning} {kind.capability}".replace("_", " ").casefold()


def _word_slots(make: str) -> Iterator[Slot]:
    shape: Mapping[str, Any] = schema()["$defs"][f"make_{make}"]
    needed = set(shape.get("required", ()))
    for name, field in shape["properties"].items():
        if name == "make":
            continue
        meaning = _REST.sub("", field.get("description", "").removesuffix(" Optional."))
        options = tuple(field.get("enum", ()))
        takes = _takes(name, options)
        yield Slot(name, takes, required=name in needed, meaning=meaning, options=options)


def _event_slots(entry: EventType) -> Iterator[Slot]:
    meanings = said(entry.cls)[1]
    for name, (hint, optional) in fields_of(entry).items():
        takes, has_unit = _of_type(hint)
        yield Slot(
            name,
            takes,
            inside=True,
            required=not optional,
            meaning=meanings.get(name, ""),
            has_unit=has_unit,
        )
    around: Mapping[str, Any] = schema()["$defs"]["make_event"]["properties"]
    for name, field in around.items():
        if name in {"make", "fields"}:
            continue
        takes = FLAG if field.get("type") == "boolean" else _takes(name, ())
        required = name == "key" and not entry.key
        yield Slot(name, takes, required=required, meaning=field.get("description", ""))


def _takes(name: str, options: tuple[str, ...]) -> str:
    if options:
        return CHOICE
    return (
        DATE
        if name in _DATES
        else NUMBER
        if name in _NUMBERS
        else (LINES if name in _LINES else TEXT)
    )


def _of_type(hint: Any) -> tuple[str, bool]:
    text = str(hint)
    if Quantity.__name__ in text:
        return NUMBER, True
    if "datetime" in text or Day.__name__ in text:
        return DATE, False
    return (LINES if get_origin(hint) is dict or text.startswith("dict") else TEXT), False
