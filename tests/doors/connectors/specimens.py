"""The same lots in every format: one specimen each, for the contract that all formats keep."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

import openpyxl
import yaml

from daytwo.doors.connectors.ocel.log import START, Log
from daytwo.doors.connectors.ocel.sqlitelog import write_sqlite

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

Row = tuple[str, str, str, str]
"""Lot, material, quantity, received; an empty text is a blank."""

FEW: tuple[Row, ...] = (
    ("L1", "LACTOSE", "25.50", "2024-05-31T14:30:00.250+02:00"),
    ("L2", "STARCH", "0.1", "2024-05-31T14:30:00"),
    ("L3", "LACTOSE", "", "2024-06-01T08:00:00Z"),
    ("L4", "STARCH", "7", "2024-06-02"),
)


def many(count: int) -> Iterator[Row]:
    """Yield that many lots, all different."""
    for n in range(count):
        yield f"L{n}", f"M{n % 7}", f"{n}.5", f"2024-05-{n % 28 + 1:02}T10:00:{n % 60:02}Z"


@dataclass(frozen=True)
class Specimen:
    """A format with a way to write lots in it.

    Attributes:
        file: Name of the file.
        write: Writes lots to a path.
        declares: What a mapping says of the file, besides its columns.
        headers: What stands in the file for lot, material, quantity, received.
        ignored: Headers that the mapping passes over.
        first: Number of the first row below the header.
    """

    format: str
    file: str
    write: Callable[[Path, Iterable[Row]], None]
    declares: dict[str, str]
    headers: tuple[str, str, str, str]
    ignored: tuple[str, ...] = ()
    first: int = 1
    cut_keeps_rows: bool = False
    columns: dict[str, dict[str, object]] = field(default_factory=dict)

    def plant(self, folder: Path, rows: Iterable[Row] = FEW) -> Path:
        """Write file and mapping; return the mapping."""
        self.write(folder / self.file, rows)
        path = folder / "mapping.yaml"
        path.write_text(yaml.safe_dump(self.mapping(), sort_keys=False), encoding="utf-8")
        return path

    def mapping(self) -> dict[str, object]:
        """Return the mapping that makes lots of the file."""
        lot, material, quantity, received = self.headers
        entry = {
            "name": "lots",
            "path": self.file,
            **self.declares,
            "key": ["lot"],
            "columns": {
                "lot": {"headers": [lot]},
                "material": {"headers": [material], "required": True},
                "quantity": {"headers": [quantity], "type": "number", "unit": "kg"},
                "received": {"headers": [received], "type": "date", "format": "ISO"},
            },
            "ignored": dict.fromkeys(self.ignored, "of no use here"),
            "records": [
                {
                    "make": "lot",
                    "id": "{lot}",
                    "material_code": "{material}",
                    "material_name": "{material}",
                    "status": "unknown",
                    "quantity": "quantity",
                    "occurred": "received",
                }
            ],
        }
        return {
            "format": "daytwo/tables/1",
            "id": "specimen",
            "version": 1,
            "title": "Lots",
            "source": {"system": "old-erp"},
            "site": "north",
            "time_zone": "Europe/Vienna",
            "files": [entry],
        }


PLAIN = ("lot", "material", "quantity", "received")


def _delimited(path: Path, rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8") as stream:
        stream.write(";".join(PLAIN) + "\n")
        stream.writelines(";".join(row) + "\n" for row in rows)


def _excel(path: Path, rows: Iterable[Row]) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Lots")
    sheet.append(PLAIN)
    for row in rows:
        sheet.append(row)
    book.save(path)


def xes(rows: Iterable[Row], open_: str = "<log>") -> Iterator[str]:
    """Yield the text of a log with a trace of one event for each lot."""
    yield f"<?xml version='1.0' encoding='UTF-8'?>\n{open_}\n"
    for lot, *cells in rows:
        yield f"<trace><string key='concept:name' value={quoteattr(lot)}/>\n<event>"
        for name, text in zip(("material", "quantity", "time:timestamp"), cells, strict=True):
            kind = "date" if name == "time:timestamp" else "string"
            yield f"<{kind} key='{name}' value={quoteattr(text)}/>" if text else ""
        yield "</event></trace>\n"
    yield "</log>\n"


def _xes(path: Path, rows: Iterable[Row]) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as stream:
        stream.writelines(xes(rows))


def _entry(row: Row) -> dict[str, object]:
    lot, *cells = row
    names = ("material", "quantity", "received")
    return {
        "id": lot,
        "type": "lot",
        "attributes": [
            {"name": name, "value": text, "time": START}
            for name, text in zip(names, cells, strict=True)
            if text
        ],
    }


def _json(path: Path, rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8") as stream:
        stream.write('{"objects": [')
        for index, row in enumerate(rows):
            stream.write("," * bool(index) + json.dumps(_entry(row)))
        kinds = [{"name": name, "type": "string"} for name in ("material", "quantity", "received")]
        types = [{"name": "lot", "attributes": kinds}]
        stream.write(f'], "objectTypes": {json.dumps(types)}, "eventTypes": [], "events": []}}')


def _sqlite(path: Path, rows: Iterable[Row]) -> None:
    path.unlink(missing_ok=True)
    log = Log()
    log.object_types.declare("lot", dict.fromkeys(("material", "quantity", "received"), "string"))
    for lot, *cells in rows:
        log.add_object(lot, "lot")
        for name, text in zip(("material", "quantity", "received"), cells, strict=True):
            if text:
                log.add_value(lot, name, text, START)
    write_sqlite(log, path)
    log.close()


def b2mml(rows: Iterable[Row]) -> Iterator[str]:
    """Yield the text of a document that tells of lots."""
    yield "<SyncMaterialLot xmlns='http://www.mesa.org/xml/B2MML' releaseID='7'><ApplicationArea/>"
    yield "<DataArea><Sync/>"
    for lot, material, quantity, received in rows:
        yield f"<MaterialLot><ID>{lot}</ID><EffectiveStartDate>{received}</EffectiveStartDate>"
        yield f"<MaterialDefinitionID>{material}</MaterialDefinitionID>"
        yield f"<Quantity><QuantityString>{quantity}</QuantityString></Quantity></MaterialLot>\n"
    yield "</DataArea></SyncMaterialLot>"


def _b2mml(path: Path, rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8") as stream:
        stream.writelines(b2mml(rows))


LOTS_OF_A_LOG = ("id", "material", "quantity", "received")

SPECIMENS = (
    Specimen(
        "delimited",
        "lots.csv",
        _delimited,
        {"delimiter": ";", "encoding": "utf-8", "decimal": "."},
        PLAIN,
        first=2,
        cut_keeps_rows=True,
    ),
    Specimen("excel", "lots.xlsx", _excel, {"format": "excel", "part": "Lots"}, PLAIN, first=2),
    Specimen(
        "xes",
        "lots.xes.gz",
        _xes,
        {"format": "xes", "part": "events"},
        ("case:concept:name", "material", "quantity", "time:timestamp"),
        ("index", "last"),
    ),
    Specimen(
        "ocel", "lots.jsonocel", _json, {"format": "ocel", "part": "object:lot"}, LOTS_OF_A_LOG
    ),
    Specimen(
        "ocel", "lots.sqlite", _sqlite, {"format": "ocel", "part": "object:lot"}, LOTS_OF_A_LOG
    ),
    Specimen(
        "b2mml",
        "lots.xml",
        _b2mml,
        {"format": "b2mml", "part": "material_lots"},
        ("id", "material", "quantity", "effective_from"),
    ),
)
