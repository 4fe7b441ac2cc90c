"""A mapping as a form over its text: what the form shows it writes, all else stays as it was."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from daytwo.doors.connectors.desk.columns import column_forms, fill_columns
from daytwo.doors.connectors.desk.recordforms import (
    fill_records,
    from_lines,
    lines_of,
    record_forms,
    records_of,
)
from daytwo.doors.connectors.desk.yamltext import shape
from daytwo.doors.importing import FileForm, MappingForm, Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from daytwo.doors.importing import ColumnLook

Data = dict[str, Any]
_COMMENT = re.compile(r"^\s*#|\s#\s", re.MULTILINE)
_SETTINGS = ("path", "encoding", "delimiter", "decimal", "thousands", "quote")
_ABOUT = ("id", "title", "site", "time_zone")
BROKEN = "The text is not a mapping that can be shown as a form. Mend it as text."


def readable(text: str) -> Data | None:
    """Return a text's data if it is of a shape that the form can show, else None."""
    data = shape(text)
    files = data.get("files")
    if not isinstance(files, list) or not files:
        return None
    whole = all(
        isinstance(one, dict)
        and isinstance(one.get("name", ""), str)
        and isinstance(one.get("columns") or {}, dict)
        and isinstance(one.get("records") or [], list)
        and isinstance(one.get("lookups") or {}, dict)
        and isinstance(one.get("checks") or [], list)
        and isinstance(one.get("ignored") or {}, dict)
        for one in files
    )
    return data if whole and isinstance(data.get("values") or {}, dict) else None


def mapping_form(
    text: str, index: int, found: Callable[[Data], tuple[str, Sequence[ColumnLook]]]
) -> MappingForm:
    """Return a mapping as a form that shows one of its files.

    Args:
        text: The mapping.
        index: Which file, from 0.
        found: Gives, for a file's part of the mapping, the file of the upload that it fits and
            the columns of that file.
    """
    data = readable(text)
    if data is None:
        return MappingForm(broken=BROKEN)
    entry = data["files"][min(index, len(data["files"]) - 1)]
    about = {name: str(data.get(name, "")) for name in _ABOUT}
    source = data.get("source")
    about["system"] = str(source.get("system", "")) if isinstance(source, dict) else ""
    return MappingForm(
        about=about,
        files=tuple(str(one.get("name", "")) for one in data["files"]),
        file=_file(data, entry, data["files"].index(entry), *found(entry)),
        value_maps={name: lines_of(values) for name, values in (data.get("values") or {}).items()},
        makes=any(records_of(one) for one in data["files"]),
        remarks=len(_COMMENT.findall(text)),
    )


def filled(
    text: str,
    index: int,
    given: Mapping[str, str],
    found: Callable[[Data], tuple[str, Sequence[ColumnLook]]],
) -> Data | None:
    """Return a mapping's data after the form; None when its text cannot be shown as one."""
    data = readable(text)
    if data is None or index >= len(data["files"]):
        return None
    entry: Data = data["files"][index]
    _fill_about(data, given)
    _fill_values(data, given)
    if given.get("section") == "columns":
        _fill_settings(entry, given)
        fill_columns(data, entry, given, found(entry)[1])
    if given.get("section") == "records":
        fill_records(entry, given)
    return data


def _file(data: Data, entry: Data, index: int, name: str, looks: Sequence[ColumnLook]) -> FileForm:
    delimited = not entry.get("format") or "delimiter" in entry
    blanks = entry.get("blanks")
    return FileForm(
        index=index,
        name=str(entry.get("name", "")),
        path=str(entry.get("path", "")),
        found=name,
        reading=reading_of(entry) if delimited else None,
        thousands=str(entry.get("thousands", "")),
        blanks="\n".join(map(str, blanks)) if isinstance(blanks, list) else "",
        columns=column_forms(data, entry, looks),
        records=record_forms(entry),
        beyond=_beyond(entry),
    )


def reading_of(entry: Mapping[str, Any]) -> Reading:
    """Return how a file's part of a mapping says that it is read."""
    return Reading(
        str(entry.get("encoding", "")),
        str(entry.get("delimiter", "")),
        str(entry.get("decimal", "")),
        str(entry.get("quote", '"')),
    )


def _beyond(entry: Data) -> tuple[str, ...]:
    """Name what this file's part says besides; a page puts it into words."""
    return tuple(name for name in ("lookups", "checks", "optional") if entry.get(name))


def _fill_about(data: Data, given: Mapping[str, str]) -> None:
    for name in _ABOUT:
        if f"a-{name}" in given:
            data[name] = given[f"a-{name}"].strip()
    if "a-system" in given:
        source = data.get("source")
        data["source"] = {
            **(source if isinstance(source, dict) else {}),
            "system": given["a-system"].strip(),
        }


def _fill_values(data: Data, given: Mapping[str, str]) -> None:
    """Write the value maps: those that are shown, and a new one."""
    maps: Data = dict(data.get("values") or {})
    for name in [*maps, ""]:
        at = f"v-{name}" if name else "v-new"
        if at not in given:
            continue
        values = from_lines(given[at])
        called = name or given.get("v-new-name", "").strip()
        if values and called:
            maps[called] = values
        elif name:
            maps.pop(name)
    if maps:
        # Before the files, where people look for them.
        files = data.pop("files")
        data["values"] = maps
        data["files"] = files
    else:
        data.pop("values", None)


def _fill_settings(entry: Data, given: Mapping[str, str]) -> None:
    for name in _SETTINGS:
        value = given.get(f"f-{name}")
        if value is None:
            continue
        if value == '"' and name == "quote":
            entry.pop(name, None)
        elif value or name == "quote":
            entry[name] = value
        else:
            entry.pop(name, None)
    if "f-blanks" in given:
        blanks = [line.strip() for line in given["f-blanks"].splitlines() if line.strip()]
        if blanks:
            entry["blanks"] = blanks
        else:
            entry.pop("blanks", None)
