"""What a schema cannot say about a mapping: names that mean nothing, columns lost in silence."""

from __future__ import annotations

import difflib
import re
from decimal import Decimal, InvalidOperation
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from daytwo.doors.connectors.formats import DELIMITED, formats
from daytwo.doors.connectors.tables.generic import fields_of, importable, maker, templates_of
from daytwo.doors.connectors.tables.templates import Ref, reference, template
from daytwo.doors.connectors.tables.values import ISO, form_pattern
from daytwo.kernel.units import UNITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from daytwo.doors.connectors.tables.yamlfile import Place
    from daytwo.record.ledger.catalogue import EventType

Finding = tuple["Place", str]

_AMOUNTS = ("size", "quantity")
_DATES = ("started", "expires", "occurred")
_NUMBERS = (*_AMOUNTS, "potency")
_PLAIN = {"make", "of", "tests", "stage", *_DATES, *_NUMBERS}


def senseless(data: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield the place and the explanation of everything that cannot be meant.

    Args:
        data: A mapping that fits the schema.
    """
    try:
        ZoneInfo(data["time_zone"])
    except (KeyError, ValueError, OSError):
        yield ("time_zone",), f"{data['time_zone']!r} is not an IANA time zone"
    judged: dict[str, _File] = {}
    for index, entry in enumerate(data["files"]):
        at: Place = ("files", index)
        if entry["name"] in judged:
            yield (*at, "name"), f"two files are named {entry['name']!r}"
        one = _File(entry, dict(judged), data, at)
        judged[entry["name"]] = one
        yield from one.findings()
    for one in judged.values():
        yield from one.unused()


class _File:
    """Judges one file's part; remembers which columns something is made of."""

    def __init__(
        self,
        entry: Mapping[str, Any],
        above: Mapping[str, _File],
        data: Mapping[str, Any],
        at: Place,
    ) -> None:
        self.entry, self.above, self.data, self.at = entry, above, data, at
        self.columns: Mapping[str, Any] = entry["columns"]
        self.used: set[str] = set(entry.get("key", ()))

    def findings(self) -> Iterator[Finding]:
        """Yield what is wrong with this file's part, and mark the columns that it uses."""
        path = PurePosixPath(self.entry["path"])
        if path.is_absolute() or ".." in path.parts or "\\" in self.entry["path"]:
            yield (*self.at, "path"), "must stay under the import folder: relative, no '..'"
        for name in re.findall(r"\{([^{}]*)\}", self.entry["path"]):
            if name not in self.columns:
                yield (*self.at, "path"), _unknown(name, self.columns, "column")
        yield from _format(self.entry, self.at)
        for name in self.entry.get("key", ()):
            yield from self._known(name, (*self.at, "key"))
        yield from self._columns()
        yield from self._lookups()
        for index, check in enumerate(self.entry.get("checks", ())):
            yield from self._check(check, (*self.at, "checks", index))
        for index, record in enumerate(self.entry.get("records", ())):
            yield from self._record(record, (*self.at, "records", index))

    def _columns(self) -> Iterator[Finding]:
        seen: dict[str, str] = {
            header.strip(): "ignored" for header in self.entry.get("ignored", ())
        }
        for name, column in self.columns.items():
            at = (*self.at, "columns", name)
            spec = column or {}
            for header in spec.get("headers", (name,)):
                if header.strip() in seen:
                    yield at, f"header {header!r} is claimed by {seen[header.strip()]!r} as well"
                seen[header.strip()] = name
            for field in ("values", "months"):
                wanted = spec.get(field)
                if wanted is not None and wanted not in self.data.get("values", {}):
                    yield (*at, field), _unknown(wanted, self.data.get("values", {}), "value map")
            yield from self._date(spec, at)
            if "unit" in spec and spec.get("type") not in {"number", "integer"}:
                yield (*at, "unit"), "only numbers have a unit: declare `type: number`"

    def _date(self, spec: Mapping[str, Any], at: Place) -> Iterator[Finding]:
        is_date = spec.get("type") == "date"
        if is_date != ("format" in spec):
            yield at, "a date needs `format`, and only a date has one"
        elif is_date:
            try:
                form_pattern(spec["format"] if spec["format"] != ISO else "YYYY-MM-DD")
            except ValueError as error:
                yield (*at, "format"), str(error)
            if ("MON" in spec["format"]) != ("months" in spec):
                yield at, "MON needs `months`, and only MON does"
        months = self.data.get("values", {}).get(spec.get("months"), {})
        for name, number in months.items():
            if number not in {str(n) for n in range(1, 13)}:
                yield ("values", spec["months"], name), f"{number!r} is not a month's number"

    def _lookups(self) -> Iterator[Finding]:
        for name, lookup in self.entry.get("lookups", {}).items():
            at = (*self.at, "lookups", name)
            other = self.above.get(lookup["file"])
            if other is None:
                yield (*at, "file"), _unknown(lookup["file"], self.above, "file above this one")
                continue
            if set(lookup["match"]) != set(other.entry.get("key", ())):
                wanted = ", ".join(other.entry.get("key", ())) or "none: declare one"
                yield (*at, "match"), f"must match the whole key of {lookup['file']!r} ({wanted})"
            for column in lookup["match"].values():
                yield from self._known(column, (*at, "match"))

    def _check(self, check: Mapping[str, Any], at: Place) -> Iterator[Finding]:
        bounds = check.get("range", {})
        for field in ("low", "high"):
            if field in bounds and not _is_number(bounds[field]):
                yield (*at, "range", field), f"{bounds[field]!r} is not a number"
        names = check.get("ascending") or check.get("equal") or [bounds.get("column")]
        for name in names:
            yield from self._ref(name, at, number="equal" not in check)

    def _record(self, record: Mapping[str, Any], at: Place) -> Iterator[Finding]:
        if record["make"] == "trace":
            yield from self._trace(record, at)
        elif "." in record["make"]:
            yield from self._event(record, at)
        else:
            yield from self._worded(record, at)

    def _worded(self, record: Mapping[str, Any], at: Place) -> Iterator[Finding]:
        """Yield what is wrong with a record of a kind that has a word of its own."""
        for field, text in record.items():
            if field not in _PLAIN:
                yield from self._template(text, (*at, field))
        for field in _DATES:
            if field in record:
                yield from self._ref(record[field], (*at, field), date=True)
        for field in _NUMBERS:
            if field in record:
                yield from self._ref(record[field], (*at, field), number=True)
        yield from self._amounts(record, at)
        yield from self._items(record, at)
        if record["make"] == "results":
            yield from _subject(record, at)
        if record["make"] == "batch":
            yield from self._optional_parts(record, at)

    def _event(self, record: Mapping[str, Any], at: Place) -> Iterator[Finding]:
        """Yield what is wrong with a record that makes an event of the catalogue."""
        entry = next((e for e in importable() if e.name == record["make"]), None)
        if entry is None:
            known = [e.name for e in importable()]
            yield (*at, "make"), _unknown(record["make"], known, "event that imports may make")
            return
        yield from _event_fields(record, entry, at)
        texts = [text for source in record["fields"].values() for text in templates_of(source)]
        texts += [record[name] for name in ("key", "by", "role", "reason") if name in record]
        for text in texts:
            yield from self._template(text, at)
        for name in ("occurred", "recorded"):
            if name in record:
                yield from self._ref(record[name], (*at, name), date=True)
        for column in record.get("when", {}):
            yield from self._ref(column, (*at, "when"))

    def _trace(self, record: Mapping[str, Any], at: Place) -> Iterator[Finding]:
        for name in ("batch", "name"):
            yield from self._template(record[name], (*at, name))
        yield from self._ref(record["time"], (*at, "time"), date=True, here=True)
        for name in record["columns"]:
            yield from self._ref(name, (*at, "columns"), here=True)
        needed = {
            record["time"],
            *re.findall(r"\{([a-z0-9_]+)\}", record["batch"] + record["name"]),
        }
        for name in sorted(needed & set(self.columns) - set(self.entry.get("key", ()))):
            if not (self.columns[name] or {}).get("required"):
                yield at, f"a trace is made of {name!r}: make it `required: true`, or a key column"
        if len(self.entry["records"]) > 1:
            yield at, "rows that make a trace make nothing else: read the file twice"

    def _amounts(self, record: Mapping[str, Any], at: Place) -> Iterator[Finding]:
        for field in _AMOUNTS:
            unit = self._unit(record.get(field))
            if unit is not None and unit not in UNITS:
                known = ", ".join(UNITS)
                yield (*at, field), f"its unit {unit!r} is none of the record's units: {known}"

    def _items(self, record: Mapping[str, Any], at: Place) -> Iterator[Finding]:
        for column in record.get("of", record.get("tests", {})):
            place = (*at, "tests" if "tests" in record else "of", column)
            is_yield = record["make"] == "yields"
            yield from self._ref(column, place, number=is_yield, here=True)
            if is_yield and self._unit(column) not in {"%", None}:
                yield place, "a yield is a percentage: declare `unit: '%'` for its column"

    def _optional_parts(self, record: Mapping[str, Any], at: Place) -> Iterator[Finding]:
        """Yield what a batch is made of but a row may lack: its other records would hang."""
        texts = [str(record[field]) for field in ("id", "product_code", "product_name", "strength")]
        texts += [f"{{{record['started']}}}", str(record["status"])]
        needed = {name for text in texts for name in re.findall(r"\{([a-z0-9_]+)\}", text)}
        required = {name for name, spec in self.columns.items() if (spec or {}).get("required")}
        for name in sorted(needed & set(self.columns) - required - set(self.entry.get("key", ()))):
            yield at, f"a batch is made of {name!r}: make it `required: true`, or a key column"

    def unused(self) -> Iterator[Finding]:
        """Yield the columns of which nothing is made, once every file has been judged."""
        for name in self.columns:
            if name not in self.used:
                what = "nothing is made of it: use it, or list its header under `ignored`"
                yield (*self.at, "columns", name), what

    def _template(self, text: str, at: Place) -> Iterator[Finding]:
        try:
            refs = template(text).refs
        except ValueError as error:
            yield at, str(error)
            return
        for ref in refs:
            yield from self._resolved(ref, at)

    def _ref(
        self, name: str, at: Place, *, number: bool = False, date: bool = False, here: bool = False
    ) -> Iterator[Finding]:
        ref = Ref(name) if here else reference(name)
        yield from self._resolved(ref, at)
        spec = self._spec(ref)
        if spec is None:
            return
        if number and spec.get("type") not in {"number", "integer"}:
            yield at, f"{name!r} must be a number: declare its `type`"
        if date and spec.get("type") != "date":
            yield at, f"{name!r} must be a date: declare its `type` and `format`"

    def _resolved(self, ref: Ref, at: Place) -> Iterator[Finding]:
        if not ref.lookup:
            yield from self._known(ref.column, at)
            return
        lookup = self.entry.get("lookups", {}).get(ref.lookup)
        if lookup is None:
            yield at, _unknown(ref.lookup, self.entry.get("lookups", {}), "lookup")
        elif lookup["file"] in self.above:
            other = self.above[lookup["file"]]
            other.used.add(ref.column)
            columns = other.columns
            if ref.column not in columns:
                yield at, _unknown(str(ref), [f"{ref.lookup}.{name}" for name in columns], "column")

    def _known(self, name: str, at: Place) -> Iterator[Finding]:
        self.used.add(name)
        if name not in self.columns:
            yield at, _unknown(name, self.columns, "column")

    def _spec(self, ref: Ref) -> Mapping[str, Any] | None:
        columns = self.columns
        if ref.lookup:
            lookup = self.entry.get("lookups", {}).get(ref.lookup, {})
            other = self.above.get(lookup.get("file", ""))
            columns = other.columns if other else {}
        return (columns[ref.column] or {}) if ref.column in columns else None

    def _unit(self, name: str | None) -> str | None:
        spec = None if name is None else self._spec(reference(name))
        return None if spec is None else spec.get("unit", "")


def _event_fields(record: Mapping[str, Any], entry: EventType, at: Place) -> Iterator[Finding]:
    known = fields_of(entry)
    for name, source in record["fields"].items():
        if name not in known:
            yield (*at, "fields", name), _unknown(name, known, f"field of {entry.name}")
            continue
        try:
            maker(known[name][0], source)
        except ValueError as error:
            yield (*at, "fields", name), str(error)
    for name, (_, optional) in known.items():
        if not optional and name not in record["fields"]:
            yield at, f"{entry.name} needs the field {name!r}"
    if "key" not in record:
        if not entry.key:
            what = "can happen twice: give a `key`, such as the number of the row in its system"
            yield at, f"{entry.name} {what}"
        for name in entry.key:
            if not isinstance(record["fields"].get(name), str):
                yield at, f"{name!r} tells two {entry.name} apart: give it, or a `key`"


def _format(entry: Mapping[str, Any], at: Place) -> Iterator[Finding]:
    """Yield what does not go with the file's format, and marks that cannot be told apart."""
    name = entry.get("format", DELIMITED)
    one = formats()[name]
    if one.has_parts != ("part" in entry):
        if one.has_parts:
            yield at, f"a file of format {name!r} has several tables: name one as `part`"
        else:
            yield (*at, "part"), f"a file of format {name!r} is one table: leave `part` out"
    marks = [entry.get("decimal", "."), entry.get("thousands")]
    if name == DELIMITED:
        marks += [entry["delimiter"], entry.get("quote", '"')]
    for field in ("delimiter", "encoding", "quote"):
        if name != DELIMITED and field in entry:
            yield (*at, field), f"a file of format {name!r} has no {field}: leave it out"
    known = [mark for mark in marks if mark]
    if len({*known}) < len(known):
        yield at, "delimiter, quote, decimal and thousands mark must differ"


def _subject(record: Mapping[str, Any], at: Place) -> Iterator[Finding]:
    if ("batch" in record) == ("lot" in record):
        yield at, "results belong to a `batch` or to a `lot`: name one of them"
    elif ("lot" in record) != (record["stage"] == "incoming"):
        yield at, "incoming results belong to a lot, in-process and final ones to a batch"


def _unknown(name: str, known: Iterable[str], what: str) -> str:
    near = difflib.get_close_matches(name, list(known), 1)
    return f"there is no {what} {name!r}" + (f"; did you mean {near[0]!r}?" if near else "")


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False
