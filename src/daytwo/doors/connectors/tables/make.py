"""Record events from a row that could be read: one maker for each kind of record."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

from daytwo.doors.connectors.records import (
    ImportRecord,
    SourceRef,
    command_id_for,
    digest_of,
)
from daytwo.doors.connectors.tables import generic
from daytwo.doors.connectors.tables.generic import Unmakeable
from daytwo.doors.connectors.tables.values import Moment
from daytwo.doors.connectors.tables.view import Absent
from daytwo.kernel.clock import stamp
from daytwo.kernel.errors import Refused
from daytwo.kernel.quantity import Quantity
from daytwo.record.batches.events import (
    BatchImported,
    MaterialConsumed,
    ParameterRecorded,
    YieldRecorded,
)
from daytwo.record.laboratory.events import LaboratoryResultFinal
from daytwo.record.resources.events import MaterialLotReceived

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from daytwo.doors.connectors.tables.gather import Chunk
    from daytwo.doors.connectors.tables.mapping import RecordSpec, TableMapping
    from daytwo.doors.connectors.tables.templates import Ref
    from daytwo.doors.connectors.tables.view import RowView

_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@+-]{0,59}")
_LOT_STATUS = frozenset({"quarantine", "released", "rejected", "unknown"})


@dataclass(frozen=True, slots=True)
class Draft:
    """An event with its natural identity, before it is given a command id.

    Attributes:
        kind: `batch`, `lot`, `consumption`, `yield`, `result`, `parameter`, or an event's name.
        key: The natural key.
        stream: The ledger stream.
        event: The event object.
        field: The column that it was made of; empty when of several.
        about: Who did it, in which role, when the source wrote it down and why; None: unknown.
        once: Later rows that say otherwise are no fault.
    """

    kind: str
    key: tuple[str, ...]
    stream: str
    event: object
    field: str = ""
    about: Mapping[str, str] | None = None
    once: bool = False


def asks_for(spec: RecordSpec, view: RowView) -> bool:
    """Tell whether a record specification asks for a row at all."""
    return spec.event is None or generic.applies(spec.event, view)


def trace_record(chunk: Chunk, mapping: TableMapping, file: str, row: int) -> ImportRecord:
    """Return a finished chunk of a trace as the record that is handed to the ledger."""
    event = chunk.event()
    key = (chunk.batch, chunk.name, stamp(chunk.started))
    draft = Draft("batch.trace.recorded", key, f"batch/{chunk.batch}", event)
    return finished(draft, mapping, chunk.started, file, row)


def drafts(spec: RecordSpec, view: RowView) -> Iterator[Draft | Unmakeable]:
    """Yield what a row makes of a record specification.

    What needs a blank or set-aside value is not made, in silence: the row's blanks and faults
    tell it. What cannot be made for another reason is yielded as `Unmakeable`.
    """
    try:
        yield from (_event if spec.event else _MAKERS[spec.kind])(spec, view)
    except Absent:
        return
    except (Unmakeable, Refused) as error:
        yield Unmakeable(str(error))


def finished(
    draft: Draft, mapping: TableMapping, occurred_at: datetime | None, file: str, row: int
) -> ImportRecord:
    """Return a draft as the record that is handed to the ledger."""
    return ImportRecord(
        command_id=command_id_for(mapping.system, mapping.site, draft.kind, draft.key),
        kind=draft.kind,
        key=" ".join(draft.key),
        digest=digest_of((draft.event,), draft.about),
        stream=draft.stream,
        events=(draft.event,),
        occurred_at=occurred_at,
        source=SourceRef(mapping.system, file, row, draft.field, mapping.site),
        about=draft.about or {},
    )


def occurred(spec: RecordSpec, view: RowView) -> datetime | None:
    """Return the start of the period in which the source says it happened, UTC."""
    if spec.occurred is None:
        return None
    try:
        cell = view.cell(spec.occurred)
    except Absent:
        return None
    return cell.value.starts if cell and isinstance(cell.value, Moment) else None


def _event(spec: RecordSpec, view: RowView) -> Iterator[Draft | Unmakeable]:
    of = spec.event
    if of is None:
        return
    if spec.occurred is not None and view.cell(spec.occurred) is None:
        raise Absent(str(spec.occurred))
    event, key, stream, without = generic.made(of, view)
    yield Draft(of.entry.name, key, stream, event, about=generic.about(of, view), once=of.once)
    yield from without


def _batch(spec: RecordSpec, view: RowView) -> Iterator[Draft]:
    batch = _identifier(spec, view, "id")
    started = _moment(spec, view, "started")
    if started is None:
        raise Absent("started")
    event = BatchImported(
        batch_id=batch,
        product_code=view.text(spec.texts["product_code"]),
        product_name=view.text(spec.texts["product_name"]),
        strength=view.text(spec.texts["strength"]),
        size=_quantity(spec, view, "size"),
        started_on=started.text,
        started_precision=started.precision,
        source_status=view.text(spec.texts["status"]),
    )
    yield Draft("batch", (batch,), f"batch/{batch}", event)


def _lot(spec: RecordSpec, view: RowView) -> Iterator[Draft]:
    lot = _identifier(spec, view, "id")
    status = view.text(spec.texts["status"])
    if status not in _LOT_STATUS:
        known = ", ".join(sorted(_LOT_STATUS))
        raise Unmakeable(f"{status!r} is no status of a lot ({known}): use a value map")
    expires = _moment(spec, view, "expires")
    if expires is not None and expires.day is None:
        raise Unmakeable(f"an expiry is a day; the source gives only {expires.text}")
    potency = _optional(spec, view, "potency")
    event = MaterialLotReceived(
        lot_id=lot,
        material_code=view.text(spec.texts["material_code"]),
        material_name=view.text(spec.texts["material_name"]),
        status=status,
        quantity=_quantity(spec, view, "quantity"),
        supplier=_optional_text(spec, view, "supplier"),
        supplier_lot=_optional_text(spec, view, "supplier_lot"),
        expires_on=None if expires is None else expires.day,
        potency_percent=potency,
    )
    yield Draft("lot", (lot,), f"lot/{lot}", event)


def _consumption(spec: RecordSpec, view: RowView) -> Iterator[Draft]:
    batch = _identifier(spec, view, "batch")
    lot = _identifier(spec, view, "lot")
    material = view.text(spec.texts["material_code"])
    event = MaterialConsumed(
        batch_id=batch,
        material_code=material,
        lot_id=lot,
        quantity=_quantity(spec, view, "quantity"),
        step_id=None,
    )
    yield Draft("consumption", (batch, material, lot), f"batch/{batch}", event)


def _yields(spec: RecordSpec, view: RowView) -> Iterator[Draft]:
    batch = _identifier(spec, view, "batch")
    for column, name, text, _ in _items(spec, view):
        event = YieldRecorded(batch_id=batch, name=name, actual=None, percent=text, step_id=None)
        yield Draft("yield", (batch, column), f"batch/{batch}", event, column)


def _parameters(spec: RecordSpec, view: RowView) -> Iterator[Draft]:
    batch = _identifier(spec, view, "batch")
    for column, name, text, unit in _items(spec, view):
        event = ParameterRecorded(batch_id=batch, name=name, value=text, unit=unit)
        yield Draft("parameter", (batch, column), f"batch/{batch}", event, column)


def _results(spec: RecordSpec, view: RowView) -> Iterator[Draft]:
    subject = "lot" if "lot" in spec.texts else "batch"
    tested = _identifier(spec, view, subject)
    stage = "".join(str(part) for part in spec.texts["stage"].parts)
    sample = _optional_text(spec, view, "sample")
    specification = _optional_text(spec, view, "specification")
    for column, name, text, unit in _items(spec, view):
        key = (tested, stage, column) if sample is None else (tested, stage, column, sample)
        event = LaboratoryResultFinal(
            result_id=f"{subject}:" + ":".join(key),
            subject_kind=subject,
            subject_id=tested,
            stage=stage,
            test_code=column,
            test_name=name,
            value=text,
            unit=unit,
            sample_id=sample,
            specification_id=specification,
        )
        stream = f"laboratory/{subject}/{tested}"
        yield Draft("result", (subject, *key), stream, event, column)


_MAKERS: Mapping[str, Callable[[RecordSpec, RowView], Iterator[Draft]]] = MappingProxyType(
    {
        "batch": _batch,
        "lot": _lot,
        "consumption": _consumption,
        "yields": _yields,
        "parameters": _parameters,
        "results": _results,
    }
)


def _items(spec: RecordSpec, view: RowView) -> Iterator[tuple[str, str, str, str]]:
    """Yield column, name, text and unit of each item that has a value."""
    for item in spec.items:
        if item.column in view.cells and item.column not in view.faults:
            unit = view.table.columns[item.column].unit
            yield item.column, item.name, view.cells[item.column].text, unit


def _identifier(spec: RecordSpec, view: RowView, field: str) -> str:
    text = view.text(spec.texts[field])
    if not _IDENTIFIER.fullmatch(text):
        raise Unmakeable(
            f"{text[:80]!r} cannot name a {'lot' if field == 'lot' else spec.kind}: letters, "
            "digits and ._:@+- only, at most 60; use a value map or another template"
        )
    return text


def _optional_text(spec: RecordSpec, view: RowView, field: str) -> str | None:
    try:
        return view.text(spec.texts[field]) if field in spec.texts else None
    except Absent:
        return None


def _optional(spec: RecordSpec, view: RowView, field: str) -> str | None:
    try:
        cell = view.cell(spec.refs[field]) if field in spec.refs else None
    except Absent:
        return None
    return None if cell is None else cell.text


def _moment(spec: RecordSpec, view: RowView, field: str) -> Moment | None:
    try:
        cell = view.cell(spec.refs[field]) if field in spec.refs else None
    except Absent:
        return None
    return cell.value if cell and isinstance(cell.value, Moment) else None


def _quantity(spec: RecordSpec, view: RowView, field: str) -> Quantity | None:
    ref = spec.refs.get(field)
    try:
        cell = view.cell(ref) if ref is not None else None
    except Absent:
        return None
    if ref is None or cell is None or not isinstance(cell.value, Decimal):
        return None
    return Quantity(cell.value, _unit(view, ref))


def _unit(view: RowView, ref: Ref) -> str:
    partner = view.partners.get(ref.lookup) if ref.lookup else view
    return "" if partner is None else partner.table.columns[ref.column].unit
