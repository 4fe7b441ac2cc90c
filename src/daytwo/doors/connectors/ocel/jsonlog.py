"""OCEL 2.0 as JSON: read into a log, and written from one, entry by entry."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from daytwo.doors.connectors.expansion import open_unpacked
from daytwo.doors.connectors.formats import Misfit
from daytwo.doors.connectors.ocel.jsonstream import read_sections

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from typing import TextIO

    from daytwo.doors.connectors.ocel.log import Event, Log, Thing, Types

_SECTIONS = ("eventTypes", "objectTypes", "events", "objects")


def read_json(path: Path, log: Log) -> None:
    """Read a file into an empty log.

    Raises:
        Misfit: It is no OCEL 2.0, or broken; with the place.

    References:
        OCEL 2.0 specification, section 8 (JSON).
    """
    met: dict[str, int] = {}
    with open_unpacked(path) as stream:
        for key, entry in read_sections(stream):
            if key not in _SECTIONS:
                continue
            met[key] = met.get(key, 0) + 1
            try:
                _enter(key, entry, log)
            except (KeyError, TypeError, AttributeError, ValueError) as error:
                what = f"lacks {error}" if isinstance(error, KeyError) else f"is amiss ({error})"
                raise Misfit(f"entry {met[key]} of {key} {what}") from error
    if not met:
        raise Misfit("is no OCEL 2.0: it has neither events nor objects")


def _enter(key: str, entry: dict[str, Any], log: Log) -> None:
    if key in {"eventTypes", "objectTypes"}:
        types = log.event_types if key == "eventTypes" else log.object_types
        named = {_text(a["name"]): _text(a["type"]) for a in entry.get("attributes") or ()}
        types.declare(_text(entry["name"]), named)
    elif key == "events":
        id_, type_, time = (_text(entry[name]) for name in ("id", "type", "time"))
        pairs = {_text(a["name"]): _text(a["value"]) for a in entry.get("attributes") or ()}
        log.event_types.declare(type_, dict.fromkeys(pairs, "string"))
        log.add_event((id_, type_, time), pairs, _related(entry))
    else:
        id_, type_ = _text(entry["id"]), _text(entry["type"])
        values = [
            (_text(a["name"]), _text(a["value"]), _text(a["time"]))
            for a in entry.get("attributes") or ()
        ]
        log.object_types.declare(type_, {name: "string" for name, _, _ in values})
        log.add_object(id_, type_)
        for name, text, time in values:
            log.add_value(id_, name, text, time)
        for target, qualifier in _related(entry):
            log.relate(id_, target, qualifier)


def _related(entry: dict[str, Any]) -> list[tuple[str, str]]:
    found = entry.get("relationships") or ()
    return [(_text(r["objectId"]), _text(r["qualifier"])) for r in found]


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    raise TypeError("a list or an object where a value belongs")


def write_json(log: Log, path: Path) -> None:
    """Write a log as a file; every value is a text, as the published schema asks.

    References:
        OCEL 2.0 specification, section 8 and its JSON schema.
    """
    with path.open("w", encoding="utf-8") as out:
        out.write("{")
        _array(out, "eventTypes", _types(log.event_types), last=False)
        _array(out, "objectTypes", _types(log.object_types), last=False)
        _array(out, "events", map(_event, log.events()), last=False)
        _array(out, "objects", map(_thing, log.things()), last=True)
        out.write("}\n")


def _array(out: TextIO, key: str, entries: Iterable[dict[str, Any]], *, last: bool) -> None:
    out.write(f"{json.dumps(key)}:[")
    for index, entry in enumerate(entries):
        out.write(",\n" if index else "\n")
        out.write(json.dumps(entry, ensure_ascii=False, separators=(",", ":")))
    out.write("]" if last else "],\n")


def _types(types: Types) -> Iterator[dict[str, Any]]:
    for name, attributes in types.of.items():
        named = [{"name": attribute, "type": kind} for attribute, kind in attributes.items()]
        yield {"name": name, "attributes": named}


def _event(event: Event) -> dict[str, Any]:
    return {
        "id": event.id,
        "type": event.type,
        "time": event.time,
        "attributes": [{"name": name, "value": text} for name, text in event.attributes.items()],
        "relationships": _relationships(event.objects),
    }


def _thing(thing: Thing) -> dict[str, Any]:
    return {
        "id": thing.id,
        "type": thing.type,
        "attributes": [
            {"name": name, "value": text, "time": time} for name, text, time in thing.values
        ],
        "relationships": _relationships(thing.related),
    }


def _relationships(related: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"objectId": target, "qualifier": qualifier} for target, qualifier in related]
