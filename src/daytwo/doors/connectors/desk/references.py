"""Which columns a file's part of a mapping speaks of, and a column's new name wherever it does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_IN_BRACES = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_ONE_COLUMN = ("occurred", "recorded", "started", "size", "quantity", "expires", "potency", "time")
"""Fields of a record that name a column without braces."""
_BY_COLUMN = ("of", "tests", "when")
"""Fields of a record whose keys are columns."""

_COLUMNS = "columns"
"""Field of a record that lists columns."""

Data = dict[str, Any]


def used_names(data: Data, entry: Data) -> set[str]:
    """Return the columns of which something is made, or by which rows are joined or told apart."""
    used = {str(name) for name in as_list(entry.get("key"))} | set(_names_in(entry))
    for other in as_list(data.get("files")):
        for lookup, spec in as_dict(as_dict(other).get("lookups")).items():
            if as_dict(spec).get("file") == entry.get("name"):
                used |= set(
                    re.findall(rf"\b{re.escape(str(lookup))}\.([a-z][a-z0-9_]*)", str(other))
                )
    return used


def rename(entry: Data, old: str, new: str) -> None:
    """Let everything in a file's part of the mapping that speaks of a column use its new name."""
    swap = {old: new}
    entry["path"] = _in_texts(entry.get("path", ""), old, new)
    for record in as_list(entry.get("records")):
        _rename_in_record(record, old, new)
    for lookup in as_dict(entry.get("lookups")).values():
        match = as_dict(as_dict(lookup).get("match"))
        lookup["match"] = {key: swap.get(str(item), item) for key, item in match.items()}
    for check in as_list(entry.get("checks")):
        for kind in ("ascending", "equal"):
            if isinstance(check.get(kind), list):
                check[kind] = [swap.get(item, item) for item in check[kind]]
        bounds = as_dict(check.get("range"))
        if bounds.get("column") == old:
            bounds["column"] = new
    if "key" in entry:
        entry["key"] = [swap.get(item, item) for item in as_list(entry["key"])]


def as_dict(value: Any) -> Data:
    """Return a value that is an object; an empty one for any other."""
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    """Return a value that is a list; an empty one for any other."""
    return value if isinstance(value, list) else []


def _names_in(entry: Data) -> Iterator[str]:
    for record in as_list(entry.get("records")):
        for field, value in as_dict(record).items():
            if field in _ONE_COLUMN and isinstance(value, str):
                yield value
            elif field in _BY_COLUMN:
                yield from map(str, as_dict(value))
            elif field == _COLUMNS:
                yield from map(str, as_list(value))
            yield from _IN_BRACES.findall(str(value))
    yield from _IN_BRACES.findall(str(entry.get("path", "")))
    for lookup in as_dict(entry.get("lookups")).values():
        yield from map(str, as_dict(as_dict(lookup).get("match")).values())
    for check in as_list(entry.get("checks")):
        parts = as_dict(check)
        yield from map(str, [*as_list(parts.get("ascending")), *as_list(parts.get("equal"))])
        yield str(as_dict(parts.get("range")).get("column", ""))


def _rename_in_record(record: Data, old: str, new: str) -> None:
    for field, value in list(record.items()):
        if field in _ONE_COLUMN and value == old:
            record[field] = new
        elif field in _BY_COLUMN and isinstance(value, dict):
            record[field] = {new if key == old else key: item for key, item in value.items()}
        elif field == _COLUMNS and isinstance(value, list):
            record[field] = [new if item == old else item for item in value]
        elif field != "make":
            record[field] = _in_texts(value, old, new)


def _in_texts(value: Any, old: str, new: str) -> Any:
    if isinstance(value, str):
        return value.replace(f"{{{old}}}", f"{{{new}}}")
    if isinstance(value, dict):
        return {key: _in_texts(item, old, new) for key, item in value.items()}
    return value
