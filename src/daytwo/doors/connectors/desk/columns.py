"""The columns of a mapping's file as a form, and what a person filled in, back into the data."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from daytwo.doors.connectors.desk.references import as_dict, as_list, rename, used_names
from daytwo.doors.connectors.desk.texts import slug
from daytwo.doors.connectors.tables.loading import column_of
from daytwo.doors.connectors.tables.values import Moment, Unreadable
from daytwo.doors.importing import ColumnForm, Example

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from daytwo.doors.importing import ColumnLook

EXAMPLES = 3

Data = dict[str, Any]


def column_forms(data: Data, entry: Data, found: Sequence[ColumnLook]) -> tuple[ColumnForm, ...]:
    """Return the columns of a file: as the file has them, then those that it lacks."""
    claims = claimed(entry)
    used = used_names(data, entry)
    forms = [
        _form(index, look, claims.get(look.header, ""), data, entry, used)
        for index, look in enumerate(found)
    ]
    there = {form.name for form in forms if form.state == "read"}
    lacking = [name for name in _columns(entry) if name not in there]
    for index, name in enumerate(lacking, len(forms)):
        form = _read(index, "", name, data, entry, ())
        forms.append(replace(form, used=name in used))
    return tuple(forms)


def fill_columns(
    data: Data, entry: Data, given: Mapping[str, str], found: Sequence[ColumnLook]
) -> None:
    """Write what was filled in for each column into the file's part of the mapping."""
    before = column_forms(data, entry, found)
    columns: Data = {}
    ignored: Data = {}
    keys: list[str] = []
    used = used_names(data, entry)
    taken = {given.get(f"c{form.index}-name", "").strip() for form in before} - {""}
    for form in before:
        at = f"c{form.index}-"
        state = given.get(f"{at}state", form.state)
        if given.get("ignore_unused") and form.header and form.name not in used:
            state = "ignored"
        if state == "read":
            name = given.get(f"{at}name", form.name).strip() or slug(form.header, taken)
            if form.name and name != form.name:
                rename(entry, form.name, name)
            spec = dict(_columns(entry).get(form.name) or {})
            columns[name] = _spec(spec, name, form.header, at, given) or None
            if given.get(f"{at}key"):
                keys.append(name)
        elif state == "ignored" and form.header:
            why = given.get(f"{at}why", "").strip() or form.why
            ignored[form.header] = why or given.get("ignore_why", "").strip()
    entry["columns"] = columns
    _put(entry, "ignored", ignored | _beyond(entry, found))
    if "has_keys" in given:
        _put(entry, "key", keys)


def examples(
    data: Data, entry: Data, name: str, spec: Data, raw: Sequence[str]
) -> tuple[Example, ...]:
    """Return how values would be read by what the mapping says of their column."""
    try:
        read = column_of(name, spec, entry, data).read
    except (KeyError, ValueError, TypeError, AttributeError):
        return ()
    blanks = {str(text).strip() for text in entry.get("blanks", ())}
    shown = []
    for text in [text for text in raw if text not in blanks][:EXAMPLES]:
        try:
            cell = read(text)
        except Unreadable as error:
            shown.append(Example(text, "", str(error)))
            continue
        value = cell.value
        words = f"{value.text} ({value.precision})" if isinstance(value, Moment) else cell.text
        shown.append(Example(text, words))
    return tuple(shown)


def one_example(
    data: Data, entry: Data, index: int, given: Mapping[str, str], found: Sequence[ColumnLook]
) -> ColumnForm:
    """Return one column as it stands in a form that is being filled in, with its examples."""
    fill_columns(data, entry, given, found)
    forms = column_forms(data, entry, found)
    form = forms[min(index, len(forms) - 1)]
    return replace(form, key=bool(given.get(f"c{form.index}-key")))


def claimed(entry: Data) -> dict[str, str]:
    """Return the column of the mapping that each header belongs to."""
    return {
        str(header).strip(): name
        for name, spec in _columns(entry).items()
        for header in (as_dict(spec).get("headers") or [name])
    }


def _form(
    index: int, look: ColumnLook, name: str, data: Data, entry: Data, used: set[str]
) -> ColumnForm:
    if name:
        form = _read(index, look.header, name, data, entry, look.samples)
        return replace(form, blanks=look.blanks, used=name in used)
    why = as_dict(entry.get("ignored")).get(look.header)
    state = "ignored" if look.header in as_dict(entry.get("ignored")) else "open"
    return ColumnForm(
        index, look.header, look.samples, look.blanks, state=state, why=str(why or "")
    )


def _read(
    index: int, header: str, name: str, data: Data, entry: Data, samples: tuple[str, ...]
) -> ColumnForm:
    spec = as_dict(_columns(entry).get(name))
    return ColumnForm(
        index=index,
        header=header,
        samples=samples,
        state="read",
        name=name,
        kind=str(spec.get("type", "text")),
        form=str(spec.get("format", "")),
        unit=str(spec.get("unit", "")),
        values=str(spec.get("values", "")),
        months=str(spec.get("months", "")),
        required=bool(spec.get("required")),
        key=name in as_list(entry.get("key")),
        examples=examples(data, entry, name, spec, samples),
    )


def _spec(spec: Data, name: str, header: str, at: str, given: Mapping[str, str]) -> Data:
    """Return what the mapping says of a column after the form; what it does not show stays."""
    headers = [str(one) for one in spec.pop("headers", [])] or [name]
    if header and header not in headers:
        headers = [header] if headers == [name] else [*headers, header]
    if headers != [name]:
        spec = {"headers": headers, **spec}
    kind = given.get(f"{at}kind", spec.get("type", "text"))
    for field, value in (
        ("type", "" if kind == "text" else kind),
        ("format", given.get(f"{at}form") if kind == "date" else ""),
        ("months", given.get(f"{at}months") if kind == "date" else ""),
        ("unit", given.get(f"{at}unit") if kind in {"number", "integer"} else ""),
        ("values", given.get(f"{at}values")),
    ):
        if value is not None:
            _put(spec, field, value.strip())
    if f"{at}kind" in given:
        _put(spec, "required", bool(given.get(f"{at}required")))
    return spec


def _beyond(entry: Data, found: Sequence[ColumnLook]) -> Data:
    """Return the headers that are ignored in other files of this layout."""
    here = {look.header for look in found}
    return {h: why for h, why in as_dict(entry.get("ignored")).items() if h not in here}


def _put(data: Data, name: str, value: Any) -> None:
    if value:
        data[name] = value
    else:
        data.pop(name, None)


def _columns(entry: Data) -> Data:
    return as_dict(entry.get("columns"))
