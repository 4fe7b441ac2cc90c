"""A rehearsal and a run of an upload: the same reading, the same rows; only one of them writes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, fields
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from daytwo.doors.connectors.desk import store
from daytwo.doors.connectors.reconcile import Reconciliation, reconcile
from daytwo.doors.connectors.run import MOST_KEPT, record_run
from daytwo.doors.connectors.tables.loading import load_mapping
from daytwo.doors.connectors.tables.reader import open_tables
from daytwo.doors.connectors.writer import ledger_writer, looking_writer
from daytwo.doors.importing import Made, Preview, RowShown
from daytwo.kernel.clock import stamp
from daytwo.record.ledger.catalogue import entry_for, payload_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from daytwo.doors.connectors.desk.work import Ticker
    from daytwo.doors.connectors.reconcile import Outcome
    from daytwo.doors.connectors.records import ImportRecord, RowRead
    from daytwo.doors.connectors.tables.mapping import TableMapping
    from daytwo.record.ledger.envelope import Actor

    Told = dict[str, Outcome | None]
    """What became of the records of the rows that are shown, by command id."""
    Write = Callable[[Sequence[ImportRecord]], Iterable[Outcome]]

FIRST_ROWS = 6
"""Rows of each file that a preview shows."""
MOST_MADE = 12
"""Events of one row that a preview shows."""
LONGEST = 160
"""Characters of a field that a preview shows."""
PREVIEW = "preview.json"
REMARKS = "remarks.jsonl"


def rehearse(upload_id: str, ticker: Ticker) -> dict[str, Any]:
    """Read everything and write nothing; keep what was found for the preview."""
    home = store.place(upload_id)
    shown: list[RowRead] = []
    told: Told = {}
    _mapping, found = _read(
        home,
        ticker,
        lambda mapping: looking_writer(mapping.joins),
        lambda rows: _watched(rows, shown, told),
        told,
    )
    _keep_remarks(home, found)
    for name in ("set_aside", "warnings"):
        found[name] = found[name][:MOST_KEPT]
    preview = {
        "rows": [asdict(_shown(row, told)) for row in shown],
        "totals": found,
        "of": state_of(upload_id),
    }
    store.write_json(home / PREVIEW, preview)
    return {"done": found["read"], "events": found["events"]}


def run(upload_id: str, who: Actor, ticker: Ticker) -> dict[str, Any]:
    """Import, and put the run on the record."""
    home = store.place(upload_id)
    mapping, found = _read(
        home,
        ticker,
        lambda mapping: ledger_writer(who, f"{mapping.id} v{mapping.version}", mapping.joins),
        lambda rows: rows,
    )
    _keep_remarks(home, found)
    seq = record_run(found, mapping, who)
    return {"done": found["read"], "events": found["events"], "run_seq": seq}


def preview(upload_id: str) -> tuple[Preview, list[list[str]]] | None:
    """Return what the last rehearsal found, and the state of the upload that it was of."""
    kept = store.read_json(store.place(upload_id) / PREVIEW)
    if not isinstance(kept, dict):
        return None
    rows = tuple(
        RowShown(
            row["file"],
            row["row"],
            row["fate"],
            tuple(
                Made(**one | {"fields": tuple((name, text) for name, text in one["fields"])})
                for one in row["made"]
            ),
            tuple(row["remarks"]),
        )
        for row in kept["rows"]
    )
    return Preview(rows, kept["totals"]), kept["of"]


def state_of(upload_id: str) -> list[list[str]]:
    """Return what a rehearsal depends on: the digests of the mapping and of every file."""
    text = (store.place(upload_id) / store.MAPPING).read_bytes()
    files = [[file.name, file.sha256] for file in store.upload(upload_id).files]
    return [[store.MAPPING, hashlib.sha256(text).hexdigest()], *files]


def remarks(upload_id: str) -> list[dict[str, Any]]:
    """Return everything that the last rehearsal or run set aside or warned of, without a limit."""
    try:
        lines = (store.place(upload_id) / REMARKS).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    return [json.loads(line) for line in lines]


def _read(
    home: Path,
    ticker: Ticker,
    writer: Callable[[TableMapping], Write],
    watch: Callable[[Iterator[RowRead]], Iterator[RowRead]],
    told: Told | None = None,
) -> tuple[TableMapping, dict[str, Any]]:
    mapping = load_mapping(home / store.MAPPING)
    source = open_tables(mapping, home / "files")
    counted = _Counting(writer(mapping), {} if told is None else told)
    totals: Reconciliation = reconcile(
        watch(source.rows()),
        counted,
        files=source.files,
        progress=lambda done: ticker.tick(done, source.lines, counted.events),
    )
    return mapping, totals.as_json()


class _Counting:
    """Counts the events of the records that were made as they go by, and remembers the first."""

    def __init__(self, write: Write, told: Told) -> None:
        self.events = 0
        self._write, self._told = write, told

    def __call__(self, records: Sequence[ImportRecord]) -> Iterator[Outcome]:
        for record, outcome in zip(records, self._write(records), strict=True):
            if outcome.status == "made":
                self.events += len(record.events)
            if record.command_id in self._told:
                self._told[record.command_id] = outcome
            yield outcome


def _watched(rows: Iterator[RowRead], shown: list[RowRead], told: Told) -> Iterator[RowRead]:
    """Let rows go by, keep the first of each file, and ask what becomes of their records."""
    seen: dict[str, int] = {}
    for row in rows:
        seen[row.file] = seen.get(row.file, 0) + 1
        if seen[row.file] <= FIRST_ROWS:
            shown.append(row)
            told |= dict.fromkeys(record.command_id for record in row.records)
        yield row


def _shown(row: RowRead, told: Told) -> RowShown:
    remarks = [row.refused, *row.set_aside, *row.warnings]
    words = tuple(
        f"{remark.field}: {remark.why}" if remark.field else remark.why
        for remark in remarks
        if remark is not None
    )
    outcomes = [told.get(record.command_id) for record in row.records]
    made = tuple(
        _made(record, outcome.status if outcome else "")
        for record, outcome in zip(row.records[:MOST_MADE], outcomes, strict=False)
    )
    words += tuple(outcome.why for outcome in outcomes if outcome and outcome.why)
    statuses: set[str] = {outcome.status for outcome in outcomes if outcome}
    return RowShown(row.file, row.row, _fate(row, statuses), made, tuple(dict.fromkeys(words)))


def _fate(row: RowRead, statuses: set[str]) -> str:
    if row.refused is not None:
        return "set aside"
    if row.reference:
        return "joined"
    if row.passed_over:
        return "passed over"
    if row.records and statuses:
        return "made" if "made" in statuses else "already" if "already" in statuses else "set aside"
    return "made" if row.records else "repeated" if row.repeated else "set aside"


def _made(record: ImportRecord, status: str) -> Made:
    event = record.events[0]
    entry = entry_for(event)
    usual = {field.name: field.default for field in fields(entry.cls)}
    given = tuple(
        (name, shorten(text, LONGEST, placeholder=" …"))
        for name, value in payload_of(event).items()
        if (text := _words(value)) and value != usual[name]
    )
    given = tuple(
        (name, text if len(text) <= LONGEST else f"{text[:LONGEST]}…") for name, text in given
    )
    when = stamp(record.occurred_at) if record.occurred_at else ""
    by = record.about.get("by", "")
    return Made(record.kind, entry.name, record.stream, when, given, by, status)


def _words(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, dict):
        if set(value) == {"value", "unit"}:
            return f"{value['value']} {value['unit']}".strip()
        return ", ".join(f"{name} {_words(part)}" for name, part in value.items())
    if isinstance(value, list):
        return ", ".join(map(_words, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _keep_remarks(home: Path, found: dict[str, Any]) -> None:
    """Keep every remark beside the files: the record of a run keeps the first thousand."""
    with (home / REMARKS).open("w", encoding="utf-8") as stream:
        for kind in ("set_aside", "warnings"):
            for remark in found[kind]:
                stream.write(json.dumps(remark | {"kind": kind}, ensure_ascii=False) + "\n")
