"""From a mapping file to a `TableMapping`: its shape by schema, its sense by hand, all at once."""

from __future__ import annotations

import difflib
import hashlib
import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from jsonschema import Draft202012Validator

from daytwo.doors.connectors.formats import DELIMITED
from daytwo.doors.connectors.tables import values as cells
from daytwo.doors.connectors.tables.gather import gather_spec
from daytwo.doors.connectors.tables.generic import event_spec
from daytwo.doors.connectors.tables.mapping import (
    Check,
    Column,
    Item,
    Lookup,
    RecordSpec,
    TableFile,
    TableMapping,
)
from daytwo.doors.connectors.tables.problems import Problem, refuse
from daytwo.doors.connectors.tables.sense import senseless
from daytwo.doors.connectors.tables.templates import reference, template
from daytwo.doors.connectors.tables.yamlfile import load

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from jsonschema import ValidationError

    from daytwo.doors.connectors.tables.yamlfile import Place

_REFS = ("size", "started", "quantity", "expires", "potency")
_NOT_TEXTS = {*_REFS, "make", "of", "tests", "occurred"}


def load_mapping(path: Path) -> TableMapping:
    """Read and judge a mapping file.

    Raises:
        ConnectorError: `import.mapping` with every problem in `info`.
    """
    data, lines = load(path)
    found = [nearer for error in _validator().iter_errors(data) for nearer in _nearest(error)]
    problems = sorted((_explained(error, lines) for error in found), key=lambda one: one.line)
    if not problems:
        problems = [
            Problem(".".join(map(str, place)), what, _line(place, lines))
            for place, what in senseless(data)
        ]
    if problems:
        raise refuse("import.mapping", f"The mapping {path.name}", problems)
    return _mapping(data, hashlib.sha256(path.read_bytes()).hexdigest())


@cache
def schema() -> dict[str, Any]:
    """Return the published JSON Schema of mapping files."""
    text = files(__package__).joinpath("mapping.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(schema())


def _nearest(error: ValidationError) -> list[ValidationError]:
    """Return what is wrong inside a part that may be of several shapes, by the shape it is of."""
    meant = [one for one in error.context or () if not _of_another_type(one)]
    return [deeper for one in meant for deeper in _nearest(one)] or [error]


def _of_another_type(error: ValidationError) -> bool:
    """Tell that the whole part is not even of a shape's type, such as an object that is no text."""
    return error.validator == "type" and not error.relative_path


def _explained(error: ValidationError, lines: Mapping[Place, int]) -> Problem:
    place = tuple(error.absolute_path)
    what = error.message if len(error.message) <= 300 else f"{error.message[:297]}..."  # noqa: PLR2004
    if error.validator == "required":
        what = f"needs {error.message.partition(' is a required')[0]}"
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = list(error.schema.get("properties", {}))  # type: ignore[union-attr]
        extra = [str(key) for key in error.instance if key not in known]
        near = [match for key in extra for match in difflib.get_close_matches(key, known, 1)]
        what = f"{', '.join(map(repr, extra))} is not known here"
        what += f"; did you mean {', '.join(map(repr, near))}?" if near else f": {', '.join(known)}"
        place = (*place, *extra[:1])
    hint = error.schema.get("description") if isinstance(error.schema, dict) else None
    what += f" ({hint})" if hint and error.validator in {"enum", "pattern", "type", "const"} else ""
    return Problem(".".join(map(str, place)) or "the file", what, _line(place, lines))


def _line(place: tuple[Any, ...], lines: Mapping[Place, int]) -> int:
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 0)


def _mapping(data: Mapping[str, Any], sha256: str) -> TableMapping:
    tables = tuple(_file(entry, data) for entry in data["files"])
    return TableMapping(
        id=data["id"],
        version=data["version"],
        system=data["source"]["system"],
        site=data["site"],
        title=data["title"],
        citation=data["source"].get("citation", ""),
        time_zone=data["time_zone"],
        files=tables,
        sha256=sha256,
        joins=frozenset(data["source"].get("joins", ())),
        looked_up=frozenset(lookup.file for table in tables for lookup in table.lookups.values()),
    )


def _file(entry: Mapping[str, Any], data: Mapping[str, Any]) -> TableFile:
    key = tuple(entry.get("key", ()))
    return TableFile(
        name=entry["name"],
        pattern=entry["path"],
        delimiter=entry.get("delimiter", ""),
        encoding=entry.get("encoding", ""),
        quote=entry.get("quote", '"'),
        blanks=frozenset(text.strip() for text in entry.get("blanks", ())),
        key=key,
        columns={
            name: _column(name, column or {}, entry, data, is_key=name in key)
            for name, column in entry["columns"].items()
        },
        ignored={header.strip(): why for header, why in entry.get("ignored", {}).items()},
        lookups={
            name: Lookup(name, found["file"], dict(found["match"]), found.get("required", True))
            for name, found in entry.get("lookups", {}).items()
        },
        checks=tuple(_check(check) for check in entry.get("checks", ())),
        records=tuple(_record(record) for record in entry.get("records", ())),
        optional=entry.get("optional", False),
        format=entry.get("format", DELIMITED),
        part=entry.get("part", ""),
    )


def _column(
    name: str,
    column: Mapping[str, Any],
    entry: Mapping[str, Any],
    data: Mapping[str, Any],
    *,
    is_key: bool,
) -> Column:
    kind = column.get("type", "text")
    marks = entry.get("decimal", "."), entry.get("thousands", "")
    value_maps = data.get("values", {})
    read: Callable[[str], cells.Cell] = cells.read_text
    if kind == "number":
        read = cells.number_reader(*marks)
    elif kind == "integer":
        read = cells.integer_reader(*marks)
    elif kind == "date":
        months = value_maps.get(column.get("months"), {})
        zone = ZoneInfo(data["time_zone"])
        form = column["format"]
        read = (
            cells.iso_reader(zone)
            if form == cells.ISO
            else cells.moment_reader(form, months, zone, column.get("century", 2000))
        )
    if "values" in column:
        read = cells.mapped(read, value_maps[column["values"]])
    return Column(
        name=name,
        headers=tuple(header.strip() for header in column.get("headers", (name,))),
        unit=column.get("unit", ""),
        required=is_key or column.get("required", False),
        read=read,
        is_number=kind in {"number", "integer"},
        is_moment=kind == "date",
    )


def _check(check: Mapping[str, Any]) -> Check:
    kind = next(kind for kind in ("ascending", "equal", "range") if kind in check)
    bounds = check["range"] if kind == "range" else {}
    names = [bounds["column"]] if kind == "range" else check[kind]
    return Check(
        kind=kind,
        refs=tuple(reference(name) for name in names),
        low=bounds.get("low"),
        high=bounds.get("high"),
        sets_aside=check["on_failure"] == "set_aside",
        why=check.get("why", ""),
    )


def _record(record: Mapping[str, Any]) -> RecordSpec:
    occurred = reference(record["occurred"]) if "occurred" in record else None
    if record["make"] == "trace":
        return RecordSpec("trace", {}, {}, (), occurred, gather=gather_spec(record))
    if "." in record["make"]:
        return RecordSpec(record["make"], {}, {}, (), occurred, event_spec(record))
    plural = record.get("of", record.get("tests", {}))
    return RecordSpec(
        kind=record["make"],
        texts={field: template(text) for field, text in record.items() if field not in _NOT_TEXTS},
        refs={field: reference(record[field]) for field in _REFS if field in record},
        items=tuple(Item(column, column, name) for column, name in plural.items()),
        occurred=occurred,
    )


def column_of(
    name: str, spec: Mapping[str, Any] | None, entry: Mapping[str, Any], data: Mapping[str, Any]
) -> Column:
    """Return one column of a mapping in the making, to show how its cells would be read.

    Args:
        name: In the mapping.
        spec: What the mapping says of it.
        entry: Its file's part of the mapping.
        data: The whole mapping.

    Raises:
        KeyError, ValueError: What it says cannot be meant; judging the mapping explains it.
    """
    return _column(name, spec or {}, entry, data, is_key=False)
