"""The mapping text of an upload: begun from a shipped, a saved or no mapping; judged; numbered."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from daytwo.doors.connectors.desk import store
from daytwo.doors.connectors.desk.work import issues_of
from daytwo.doors.connectors.desk.yamltext import dump, shape
from daytwo.doors.connectors.tables.loading import load_mapping
from daytwo.doors.importing import Issue, Judged, Start
from daytwo.kernel.errors import ConnectorError, Refused, Unknown
from daytwo.record.access.queries import find_mapping, mappings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from daytwo.doors.importing import FileLook

ABOUT = ("id", "title", "system", "site", "time_zone")
"""What a new mapping must be told, because no file says it."""
LARGEST = 1_000_000
_VERSION = re.compile(r"^version:[ \t]*[0-9]+[ \t]*(?=#|$)", re.MULTILINE)
_SHIPPED, _SAVED = "shipped", "saved"


def starts() -> list[Start]:
    """Return the mappings to begin from: those on the record, then those that are shipped."""
    found = []
    for row in mappings():
        data = shape(row.text)
        found.append(_start(f"{_SAVED}:{row.mapping_id}:{row.version}", data, row.title))
    for name, text in _shipped():
        data = shape(text)
        found.append(_start(f"{_SHIPPED}:{name}", data, str(data.get("title", name))))
    return found


def text_of(key: str) -> str:
    """Return the text of a mapping to begin from.

    Raises:
        Unknown: There is no such mapping.
    """
    kind, _, name = key.partition(":")
    if kind == _SHIPPED:
        found = dict(_shipped()).get(name)
        if found is not None:
            return found
    if kind == _SAVED:
        mapping_id, _, version = name.rpartition(":")
        row = find_mapping(mapping_id, int(version)) if version.isdecimal() else None
        if row is not None:
            return row.text
    raise Unknown("import.mapping_unknown", "There is no such mapping to begin from.")


def text(upload_id: str) -> str:
    """Return an upload's mapping text; empty when it has none."""
    path = store.place(upload_id) / store.MAPPING
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def write(upload_id: str, given: str) -> None:
    """Keep an upload's mapping text, whatever it is worth.

    Raises:
        Refused: It is larger than a mapping may be.
    """
    given = given.replace("\r\n", "\n").replace("\r", "\n")
    if len(given.encode()) > LARGEST:
        raise Refused("import.mapping_large", f"A mapping has at most {LARGEST} bytes.")
    path = store.place(upload_id) / store.MAPPING
    aside = path.with_suffix(".new")
    aside.write_text(given if given.endswith("\n") else f"{given}\n", encoding="utf-8")
    aside.replace(path)


def fresh(looks: list[FileLook], about: Mapping[str, str]) -> str:
    """Return the text of a new mapping: the files as confirmed, and nothing made of them yet."""
    missing = [name for name in ABOUT if not about.get(name, "").strip()]
    if missing:
        raise Refused(
            "import.mapping_about",
            "A new mapping needs a name, a title, the source system, the site and its time zone.",
            {"missing": missing},
        )
    given = {name: about[name].strip() for name in ABOUT}
    names: set[str] = set()
    data = {
        "format": "daytwo/tables/1",
        "id": given["id"],
        "version": 1,
        "title": given["title"],
        "source": {"system": given["system"]},
        "site": given["site"],
        "time_zone": given["time_zone"],
        "files": [_file(one, part, names) for one in looks for part in one.parts],
    }
    return dump(data)


def judge(upload_id: str) -> Judged:
    """Judge an upload's mapping text; all that is wrong comes together."""
    path = store.place(upload_id) / store.MAPPING
    if not path.is_file():
        return Judged((Issue("the mapping", "there is none yet"),))
    content = path.read_text(encoding="utf-8")
    data = shape(content)
    sha256 = hashlib.sha256(content.encode()).hexdigest()
    mapping_id, version = str(data.get("id", "")), data.get("version")
    latest = find_mapping(mapping_id)
    return Judged(
        issues=_issues(path, sha256),
        id=mapping_id,
        version=version if isinstance(version, int) else 0,
        title=str(data.get("title", "")),
        system=str(_dict(data.get("source")).get("system", "")),
        sha256=sha256,
        saved=latest.version if latest and latest.sha256 == sha256 else _saved(mapping_id, sha256),
        latest=latest.version if latest else 0,
    )


@lru_cache(maxsize=128)
def _issues(path: Path, sha256: str) -> tuple[Issue, ...]:  # noqa: ARG001 - the text, as a key
    """Return what is wrong with a text; judged once, though every page of the flow asks."""
    try:
        load_mapping(path)
    except ConnectorError as error:
        return issues_of(error)
    return ()


def numbered(upload_id: str) -> Judged:
    """Give the text a version that is free, where another text has its version already."""
    judged = judge(upload_id)
    if judged.saved or judged.version > judged.latest:
        return judged
    content = text(upload_id)
    line = f"version: {judged.latest + 1}"
    changed, count = _VERSION.subn(line, content, count=1)
    if not count:
        data = shape(content)
        data["version"] = judged.latest + 1
        changed = dump(data)
    write(upload_id, changed)
    return judge(upload_id)


def slug(header: str, taken: set[str]) -> str:
    """Return a free name of a mapping for a header: lower-case letters, digits, underscores."""
    name = re.sub(r"[^a-z0-9]+", "_", header.casefold()).strip("_")[:50] or "column"
    name = name if name[0].isalpha() else f"c_{name}"
    tried, number = name, 2
    while tried in taken:
        tried = f"{name}_{number}"
        number += 1
    taken.add(tried)
    return tried


def _file(one: FileLook, part: Any, names: set[str]) -> dict[str, Any]:
    stem = one.file.name.rpartition(".")[0] or one.file.name
    entry: dict[str, Any] = {
        "name": slug(f"{stem} {part.name}".strip(), names),
        "path": one.file.name,
    }
    if one.reading is not None:
        entry["delimiter"] = one.reading.delimiter
        entry["encoding"] = one.reading.encoding
        entry["decimal"] = one.reading.decimal
        if one.reading.quote != '"':
            entry["quote"] = one.reading.quote
    taken: set[str] = set()
    entry["columns"] = {
        slug(column.header, taken): _column(column, taken) for column in part.columns
    }
    return entry


def _column(column: Any, taken: set[str]) -> dict[str, Any] | None:
    spec: dict[str, Any] = {}
    if column.header not in taken:
        spec["headers"] = [column.header]
    if column.kind in {"number", "integer"}:
        spec["type"] = column.kind
    if column.kind == "date" and len(column.forms) == 1:
        spec |= {"type": "date", "format": column.forms[0]}
    return spec or None


def _shipped() -> Iterator[tuple[str, str]]:
    folder = Path(str(resources.files("daytwo"))) / "examples" / "mappings"
    for path in sorted(folder.glob("*.yaml")):
        yield path.stem, path.read_text(encoding="utf-8")


def _start(key: str, data: dict[str, Any], title: str) -> Start:
    files = tuple(
        str(entry.get("path", "")) for entry in data.get("files", ()) if isinstance(entry, dict)
    )
    return Start(key, title, str(_dict(data.get("source")).get("system", "")), files)


def _saved(mapping_id: str, sha256: str) -> int:
    from daytwo.record.access.queries import mapping_versions  # noqa: PLC0415 - rarely asked

    return next((v.version for v in mapping_versions(mapping_id) if v.sha256 == sha256), 0)


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
