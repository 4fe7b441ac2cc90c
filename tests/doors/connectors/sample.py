"""A small mapping and its files, made for tests: two files, three kinds of record."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import yaml

from daytwo.doors.connectors.reconcile import Reconciliation, reconcile
from daytwo.doors.connectors.tables.loading import load_mapping
from daytwo.doors.connectors.tables.reader import open_tables
from daytwo.doors.connectors.writer import dry_writer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from daytwo.doors.connectors.records import Remark, RowRead

MAPPING = """
format: daytwo/tables/1
id: sample
version: 3
title: A sample
source: {system: old-mes}
site: north
time_zone: Europe/Vienna
values:
  months: {jan: "1", maj: "5"}
files:
  - name: products
    path: products.csv
    delimiter: ";"
    encoding: utf-8
    decimal: ","
    key: [product]
    columns:
      product:
      title:
  - name: batches
    path: batches*.csv
    delimiter: ";"
    encoding: utf-8
    decimal: ","
    blanks: ["n/a"]
    key: [batch]
    lookups: {of: {file: products, match: {product: product}}}
    columns:
      batch:
      product: {required: true}
      begun: {type: date, format: MON.YY, months: months, required: true}
      lot:
      water: {type: number, unit: "%"}
      assay: {headers: [asay, assay], type: number, unit: "%"}
      low: {type: number}
      high: {type: number}
    checks:
      - {ascending: [low, high], on_failure: warn, why: Swapped}
      - range: {column: assay, low: "0", high: "200"}
        on_failure: set_aside
    records:
      - {make: batch, id: "{batch}", product_code: "{product}", product_name: "{of.title}",
         strength: 5 mg, started: begun, status: released, occurred: begun}
      - {make: lot, id: "L-{lot}", material_code: API, material_name: Active, status: unknown}
      - {make: consumption, batch: "{batch}", lot: "L-{lot}", material_code: API}
      - {make: results, lot: "L-{lot}", stage: incoming, tests: {water: Water}}
      - {make: results, batch: "{batch}", stage: final,
         tests: {assay: Assay, low: Lowest, high: Highest}}
"""
PRODUCTS = "product;title\nP1;Pills\nP2;Drops\n"
HEADER = "batch;product;begun;lot;water;asay;low;high\n"
ROWS = (
    "B1;P1;jan.24;7;1,50;99,1;1;2\n",
    "B2;P1;maj.24;7;1,50;98,0;1;3\n",
    "B3;P2;maj.24;8;1,70;100,0;2;3\n",
)
BATCHES = HEADER + "".join(ROWS)


def plant(folder: Path, batches: str | bytes = BATCHES, **more: str | bytes) -> Path:
    """Write the sample's files; `more` by name without `.csv`, and `mapping` for the mapping."""
    texts = {"products": PRODUCTS, "batches": batches, "mapping": MAPPING, **more}
    for name, text in texts.items():
        path = folder / (f"{name}.yaml" if name == "mapping" else f"{name}.csv")
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def changed(*path: str | int, to: object) -> str:
    """Return the sample mapping with one place changed; None removes it."""
    data = yaml.safe_load(MAPPING)
    place = data
    for step in path[:-1]:
        place = place[step]
    if to is None:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    # By way of JSON, so that no part is shared: shared parts would be written as aliases.
    return yaml.safe_dump(json.loads(json.dumps(data)), allow_unicode=True, sort_keys=False)


def rows(folder: Path) -> list[RowRead]:
    """Read the planted files."""
    return [*open_tables(load_mapping(folder / "mapping.yaml"), folder).rows()]


def totals(folder: Path) -> Reconciliation:
    """Read the planted files and reconcile without writing."""
    source = open_tables(load_mapping(folder / "mapping.yaml"), folder)
    return reconcile(source.rows(), dry_writer, files=source.files)


def told(remarks: Iterable[Remark]) -> list[tuple[str, int, str]]:
    """Return file, row and field of remarks."""
    return [(r.file, r.row, r.field) for r in remarks]
