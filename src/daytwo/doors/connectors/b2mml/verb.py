"""`daytwo b2mml`: what was done, material lots, or batch records, as B2MML and BatchML."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import click

from daytwo.doors.connectors.period import moment, within
from daytwo.doors.options import answer, open_site, site_options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from daytwo.doors.connectors.b2mml.xmlout import Xml
    from daytwo.record.batches.models import Batch

KINDS = ("performance", "lots", "batch-record")


@click.command()
@site_options
@click.option("--kind", type=click.Choice(KINDS), required=True, help="What to write.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder to write to; a file for each batch, or one for all lots.",
)
@click.option("--batch", default="", help="Only this batch.")
@click.option(
    "--since", default="", help="Only batches ended, lots received, from this day (ISO) on."
)
@click.option("--until", default="", help="Only batches ended, lots received, before this day.")
def verb(
    data: Path,
    as_json: bool,  # noqa: FBT001 - click's form
    kind: str,
    out: Path,
    batch: str,
    since: str,
    until: str,
) -> None:
    """Write documents that are valid by the schemas of B2MML version 7."""
    if batch and kind == "lots":
        message = "Lots belong to no batch: leave --batch out."
        raise click.ClickException(message)
    open_site(data)
    files = export(kind, out, batch, moment(since), moment(until))
    words = f"Wrote {len(files)} documents to {out}." if files else "There is nothing to write."
    answer(as_json, {"kind": kind, "files": files}, words)


def export(
    kind: str, out: Path, batch_id: str = "", since: str = "", until: str = ""
) -> list[dict[str, Any]]:
    """Write the documents of a kind; each appears whole or not at all.

    Args:
        kind: One of `KINDS`.
        out: The folder; made where it is not there.
        batch_id: Only this batch; empty for all.
        since: Canonical UTC text; empty for all.
        until: Canonical UTC text (exclusive); empty for all.

    Returns:
        For each file its name and how many batches or lots it tells of.
    """
    from daytwo.doors.connectors.b2mml.batch_record import write_batch_record  # noqa: PLC0415
    from daytwo.doors.connectors.b2mml.lots import write_lots  # noqa: PLC0415 - after setup
    from daytwo.doors.connectors.b2mml.performance import write_performance  # noqa: PLC0415
    from daytwo.record.resources.queries import every_lot  # noqa: PLC0415

    out.mkdir(parents=True, exist_ok=True)
    if kind == "lots":
        lots = (lot for lot in every_lot() if within(lot.received_at, since, until))
        first = next(lots, None)
        if first is None:
            return []
        counted: list[int] = []

        def write_all(xml: Xml) -> None:
            counted.append(write_lots(xml, _again(first, lots)))

        _document(out / "lots.xml", write_all)
        return [{"file": "lots.xml", "count": counted[0]}]
    write = write_performance if kind == "performance" else write_batch_record
    files: list[dict[str, Any]] = []
    for row in _batches(batch_id, since, until):
        name = f"{kind}-{quote(row.id, safe='')}.xml"
        _document(out / name, lambda xml, row=row: write(xml, row))  # type: ignore[misc]
        files.append({"file": name, "count": 1})
    return files


def _again(first: Any, rest: Iterator[Any]) -> Iterator[Any]:
    yield first
    yield from rest


def _batches(batch_id: str, since: str, until: str) -> Iterator[Batch]:
    from daytwo.record.batches.queries import batch, every_batch  # noqa: PLC0415 - after setup

    if batch_id:
        yield batch(batch_id)
        return
    for row in every_batch():
        if within(row.ended_at or row.started_at or row.planned_at, since, until):
            yield row


def _document(path: Path, write: Callable[[Xml], None]) -> None:
    from daytwo.doors.connectors.b2mml.xmlout import Xml as Document  # noqa: PLC0415

    begun = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with begun.open("w", encoding="utf-8", newline="\n") as out:
            write(Document(out))
        begun.replace(path)
    finally:
        begun.unlink(missing_ok=True)
