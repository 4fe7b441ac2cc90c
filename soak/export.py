"""An export of another system, made up: batches, the lots in them, their results, and a mapping."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MAPPING = """\
format: daytwo/tables/1
id: drill
version: 1
title: An export made for a drill
source: {system: old-mes}
site: north
time_zone: Europe/Vienna
values: {}
files:
  - name: batches
    path: batches.csv
    delimiter: ";"
    encoding: utf-8
    decimal: ","
    key: [batch]
    columns:
      batch: {required: true}
      product: {required: true}
      begun: {type: date, format: YYYY-MM-DD, required: true}
      lot: {required: true}
      water: {type: number, unit: "%"}
      assay: {type: number, unit: "%"}
      hardness: {type: number, unit: N}
    records:
      - {make: batch, id: "{batch}", product_code: "{product}", product_name: "{product}",
         strength: 5 mg, started: begun, status: released, occurred: begun}
      - {make: lot, id: "L-{lot}", material_code: API, material_name: Active, status: unknown}
      - {make: consumption, batch: "{batch}", lot: "L-{lot}", material_code: API}
      - {make: results, batch: "{batch}", stage: final,
         tests: {water: Water, assay: Assay, hardness: Hardness}}
"""
BATCHES_A_LOT = 7


def plant(folder: Path, rows: int) -> tuple[Path, Path]:
    """Write mapping and file into a folder; return the mapping's path and the file's folder.

    Args:
        folder: New or empty.
        rows: Batches in the file.
    """
    files = folder / "files"
    files.mkdir(parents=True)
    mapping = folder / "drill.yaml"
    mapping.write_text(MAPPING, encoding="utf-8")
    with (files / "batches.csv").open("w", encoding="utf-8") as file:
        file.write("batch;product;begun;lot;water;assay;hardness\n")
        for number in range(rows):
            day = f"2024-{1 + number % 12:02d}-{1 + number % 28:02d}"
            values = f"1,{number % 90 + 10};9{number % 10},5;{70 + number % 40}"
            file.write(f"D{number:06d};P{number % 3};{day};{number // BATCHES_A_LOT};{values}\n")
    return mapping, files
