"""What a row makes as a form, and what a person filled in, back into the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daytwo.doors.connectors.desk.kinds import FLAG, LINES, Slot, kind_of, slots
from daytwo.doors.importing import FieldForm, RecordForm
from daytwo.kernel.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

Data = dict[str, Any]


def record_forms(entry: Data) -> tuple[RecordForm, ...]:
    """Return what a row of a file makes, each with its fields."""
    return tuple(_form(index, record) for index, record in enumerate(records_of(entry)))


def records_of(entry: Data) -> list[Data]:
    """Return a file's records as far as they can be shown."""
    found = entry.get("records")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def add_record(entry: Data, make: str) -> None:
    """Add a record of a kind with nothing in it yet.

    Raises:
        Refused: A row cannot make that.
    """
    if kind_of(make) is None:
        raise Refused("import.kind_unknown", f"A row cannot make {make!r}.")
    record: Data = {"make": make}
    if "." in make:
        record["fields"] = {}
    entry["records"] = [*records_of(entry), record]


def remove_record(entry: Data, index: int) -> None:
    """Take a record out."""
    entry["records"] = [one for at, one in enumerate(records_of(entry)) if at != index]


def fill_records(entry: Data, given: Mapping[str, str]) -> None:
    """Write what was filled in for each record; a field that the form does not show stays."""
    records = records_of(entry)
    for index, record in enumerate(records):
        for slot in slots(str(record.get("make", ""))):
            key = _key(index, slot)
            if key not in given and not (slot.takes == FLAG and f"r{index}-shown" in given):
                continue
            home = record.setdefault("fields", {}) if slot.inside else record
            value = _value(slot, given.get(key, ""), given.get(f"{key}-unit", ""), home)
            if value in ("", {}, [], None):
                home.pop(slot.name, None)
            else:
                home[slot.name] = value
    if records:
        entry["records"] = records


def lines_of(value: Any) -> str:
    """Return an object of texts as lines, `name = text` each, or a list as lines."""
    if isinstance(value, list):
        return "\n".join(map(str, value))
    if not isinstance(value, dict):
        return ""
    return "\n".join(
        f"{name} = {' | '.join(map(str, item)) if isinstance(item, list) else item}"
        for name, item in value.items()
    )


def from_lines(text: str) -> dict[str, str]:
    """Return lines of `name = text` as an object; a line without a text gets its name as text."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        name, equals, value = line.partition("=")
        if name.strip():
            found[name.strip()] = value.strip() if equals else name.strip()
    return found


def _form(index: int, record: Data) -> RecordForm:
    make = str(record.get("make", ""))
    kind = kind_of(make)
    return RecordForm(
        index=index,
        make=make,
        event=kind.event if kind else "",
        meaning=kind.meaning if kind else "",
        fields=tuple(_field(index, slot, record) for slot in slots(make)),
    )


def _field(index: int, slot: Slot, record: Data) -> FieldForm:
    inside = record.get("fields")
    home = (inside if isinstance(inside, dict) else {}) if slot.inside else record
    value, unit = home.get(slot.name, ""), ""
    if slot.has_unit and isinstance(value, dict):
        value, unit = value.get("number", ""), str(value.get("unit", ""))
    if slot.takes == LINES:
        value = lines_of(value)
    elif isinstance(value, bool):
        value = "true" if value else "false"
    return FieldForm(
        name=slot.name,
        key=_key(index, slot),
        meaning=slot.meaning,
        takes=slot.takes,
        required=slot.required,
        value=str(value),
        options=slot.options,
        unit=unit,
        has_unit=slot.has_unit,
    )


def _key(index: int, slot: Slot) -> str:
    return f"r{index}-{'f-' if slot.inside else ''}{slot.name}"


def _value(slot: Slot, text: str, unit: str, home: Data) -> Any:
    text = text.strip()
    if slot.takes == FLAG:
        return True if text else None
    if slot.takes == LINES:
        return _lines_value(slot, text)
    if slot.has_unit and text and unit.strip():
        return {"number": text, "unit": unit.strip()}
    before = home.get(slot.name)
    if isinstance(before, bool) and text in {"true", "false"}:
        return text == "true"
    if (isinstance(before, int) or slot.name == "most") and text.lstrip("-").isdigit():
        return int(text)
    return text


def _lines_value(slot: Slot, text: str) -> Any:
    if slot.name == "columns":
        return [line.strip() for line in text.splitlines() if line.strip()]
    values = from_lines(text)
    if slot.name != "when":
        return values
    return {
        name: [part.strip() for part in value.split("|") if part.strip()]
        for name, value in values.items()
    }
