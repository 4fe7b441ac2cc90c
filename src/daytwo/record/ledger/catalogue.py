"""The event catalogue: each event class by its stable dotted name, and its way to and from JSON."""

from __future__ import annotations

import dataclasses
import operator
import re
import typing
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from daytwo.kernel.clock import instant, stamp
from daytwo.kernel.errors import Fault
from daytwo.kernel.quantity import Quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Json: TypeAlias = Any
"""A tree of dict, list, str, int, bool and None; the only thing a payload may hold."""

T = TypeVar("T")
_NAME = re.compile(r"[a-z]+(\.[a-z_]+)+")
_BRACED = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class EventType:
    """What the ledger knows of one kind of event.

    Attributes:
        name: Stable dotted name.
        schema: Version of the payload's shape.
        cls: The frozen dataclass.
        codecs: For each field how it is written and read.
        stream: The stream that it belongs to, with fields of its own in braces; empty for an
            event that only commands of the house append, never an import.
        key: The fields that tell two of them in one export apart; empty where the export must
            bring a number of its own (the same thing can happen twice to one object).
    """

    name: str
    schema: int
    cls: type[Any]
    codecs: tuple[tuple[str, Callable[[Any], Json] | None, Callable[[Json], Any] | None], ...]
    stream: str = ""
    key: tuple[str, ...] = ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The payload's fields, in order."""
        return tuple(name for name, _, _ in self.codecs)

    @cached_property
    def values(self) -> Callable[[Any], tuple[Any, ...]]:
        """Reads an event object's fields in that order."""
        if len(self.names) > 1:
            return operator.attrgetter(*self.names)
        name = self.names[0]
        return lambda event_object: (getattr(event_object, name),)

    @cached_property
    def written(self) -> tuple[tuple[str, Callable[[Any], Json]], ...]:
        """The fields that are written otherwise than they are held."""
        return tuple((name, write) for name, write, _ in self.codecs if write)

    def stream_of(self, event_object: object) -> str:
        """Return the stream that an event object belongs to."""
        return _BRACED.sub(lambda found: str(getattr(event_object, found[1])), self.stream)


_BY_NAME: dict[str, EventType] = {}
_BY_CLASS: dict[type[Any], EventType] = {}


def event(
    name: str, schema: int = 1, *, stream: str = "", key: tuple[str, ...] = ()
) -> Callable[[type[T]], type[T]]:
    """Register a frozen dataclass as an event.

    Args:
        name: Stable dotted name, `capability.thing.happened`; never reused, never an import path.
        schema: Version of the payload's shape, from 1.
        stream: Where an import appends it, such as `batch/{batch_id}`; empty: imports may not.
        key: The fields that identify it in an export; empty where it can happen twice.

    Raises:
        Fault: The name or class is registered already, or is not of the form; the stream or key
            names a field that it does not have.
    """

    def register(cls: type[T]) -> type[T]:
        if not _NAME.fullmatch(name):
            raise Fault("catalogue.name", f"{name!r} is not a dotted event name.")
        if name in _BY_NAME:
            raise Fault("catalogue.duplicate", f"Two event classes are named {name!r}.")
        if not dataclasses.is_dataclass(cls) or not cls.__dataclass_params__.frozen:  # type: ignore[attr-defined]
            raise Fault("catalogue.shape", f"{cls.__name__} must be a frozen dataclass.")
        fields = {field.name for field in dataclasses.fields(cls)}
        if strangers := {*_BRACED.findall(stream), *key} - fields:
            raise Fault("catalogue.field", f"{cls.__name__} has no field {sorted(strangers)}.")
        entry = EventType(name, schema, cls, _codecs(cls), stream, key)
        _BY_NAME[name] = entry
        _BY_CLASS[cls] = entry
        return cls

    return register


def entry_for(event_object: object) -> EventType:
    """Return the catalogue's entry for an event object; `Fault` when its class is unknown."""
    try:
        return _BY_CLASS[type(event_object)]
    except KeyError:
        raise Fault(
            "catalogue.unknown", f"{type(event_object).__name__} is not an event."
        ) from None


def entry_named(name: str) -> EventType:
    """Return the catalogue's entry by dotted name; `Fault` when unknown."""
    try:
        return _BY_NAME[name]
    except KeyError:
        raise Fault("catalogue.unknown", f"No event is named {name!r}.") from None


def entries() -> tuple[EventType, ...]:
    """Return every registered event, sorted by name."""
    return tuple(_BY_NAME[name] for name in sorted(_BY_NAME))


def payload_of(event_object: Any) -> dict[str, Json]:
    """Return an event object's payload: plain JSON, decimals and times as text."""
    entry = entry_for(event_object)
    payload = dict(zip(entry.names, entry.values(event_object), strict=True))
    for name, write in entry.written:
        payload[name] = write(payload[name])
    return payload


def decode(name: str, payload: Mapping[str, Json]) -> Any:
    """Return the event object that a stored payload stands for."""
    entry = entry_named(name)
    known = {
        field: read(payload[field]) if read else payload[field]
        for field, _, read in entry.codecs
        if field in payload
    }
    return entry.cls(**known)


def _codecs(
    cls: type[Any],
) -> tuple[tuple[str, Callable[[Any], Json] | None, Callable[[Json], Any] | None], ...]:
    hints = typing.get_type_hints(cls)
    return tuple((f.name, *_codec(hints[f.name])) for f in dataclasses.fields(cls))


def _codec(
    hint: Any,
) -> tuple[Callable[[Any], Json] | None, Callable[[Json], Any] | None]:
    parts = [part for part in typing.get_args(hint) if part is not type(None)]
    optional = len(parts) == 1 and type(None) in typing.get_args(hint)
    kind = parts[0] if optional else hint
    if kind is Quantity:
        return _maybe(Quantity.as_json), _maybe(Quantity.from_json)
    if kind is datetime:
        return _maybe(stamp), _maybe(instant)
    if typing.get_origin(kind) is tuple:
        return _maybe(list), _maybe(tuple)
    return None, None


def _maybe(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else function(value)
