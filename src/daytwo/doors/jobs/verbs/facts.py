"""`daytwo facts`: the fact tables with rows, months and place in the ledger."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from daytwo.doors.options import answer, open_site, progress, site_options, whole_file

if TYPE_CHECKING:
    import pyarrow as pa


@click.command()
@site_options
@click.option("--rebuild", is_flag=True, help="Make every fact anew from the first event.")
@click.option("--check", is_flag=True, help="Compare with facts made anew; change nothing.")
@click.option(
    "--publish",
    metavar="URL",
    default="",
    help="Copy the facts into the schema `facts` of a PostgreSQL (postgresql://...).",
)
@click.option("--sql", default="", help="Answer one SELECT over the facts, in DuckDB's SQL.")
@click.option(
    "--format",
    "form",
    type=click.Choice(("csv", "json", "parquet")),
    default="csv",
    show_default=True,
    help="Of the answer to --sql; json: an object a line. Parquet needs --out.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File for the answer to --sql; else it is printed.",
)
def verb(
    data: Path,
    as_json: bool,
    rebuild: bool,
    check: bool,
    publish: str,
    sql: str,
    form: str,
    out: Path | None,
) -> None:
    """List the facts; --rebuild, --check (exit 1 on a difference), --publish, --sql."""
    open_site(data)
    if sql:
        _answer(sql, "json" if as_json else form, out)
        return
    if check:
        _check(as_json)
        return
    from daytwo.insight.facts.checking import states  # noqa: PLC0415 - after setup
    from daytwo.insight.facts.follow import follower  # noqa: PLC0415

    facts = follower()
    if rebuild:
        facts.rebuild(progress("Rebuilding"))
    snapshot = facts.snapshot()
    if publish:
        from daytwo.insight.facts.engine.live import over  # noqa: PLC0415 - after setup
        from daytwo.insight.facts.engine.postgres import publish as copy  # noqa: PLC0415

        copy(over(snapshot), snapshot.seq, publish)
    found = [asdict(state) for state in states(snapshot)]
    content: dict[str, Any] = {
        "seq": snapshot.seq,
        "seq_in_files": snapshot.manifest.seq,
        "folder": str(facts.store.folder),
        "published": bool(publish),
        "facts": found,
    }
    lines = [f"{f['name']:16} {f['rows']:>10} rows {f['months']:>5} files" for f in found]
    place = f"Event {snapshot.seq} of the ledger; in the files event {snapshot.manifest.seq}."
    answer(as_json, content, "\n".join([*lines, place]))


def _answer(sql: str, form: str, out: Path | None) -> None:
    """Write what a query answers, as it comes."""
    from daytwo.insight.facts.engine.asked import ask  # noqa: PLC0415 - after setup
    from daytwo.insight.facts.follow import current, folder  # noqa: PLC0415

    if form == "parquet" and out is None:
        raise click.UsageError("Parquet goes into a file: name it with --out.")
    with ask(current().sources, sql, folder() / ".temporary") as rows:
        if out is None:
            _WRITERS[form](rows, sys.stdout.buffer)
        else:
            whole_file(out, lambda file: _WRITERS[form](rows, file))


def _csv(rows: pa.RecordBatchReader, file: IO[bytes]) -> None:
    from pyarrow.csv import CSVWriter  # noqa: PLC0415 - slow to load, and rarely wanted

    with CSVWriter(file, rows.schema) as writer:
        for batch in rows:
            writer.write_batch(batch)


def _json(rows: pa.RecordBatchReader, file: IO[bytes]) -> None:
    for batch in rows:
        for row in batch.to_pylist():
            file.write(json.dumps(row, default=str).encode() + b"\n")


def _parquet(rows: pa.RecordBatchReader, file: IO[bytes]) -> None:
    from pyarrow.parquet import ParquetWriter  # noqa: PLC0415 - slow to load, and rarely wanted

    with ParquetWriter(file, rows.schema) as writer:
        for batch in rows:
            writer.write_batch(batch)


_WRITERS = {"csv": _csv, "json": _json, "parquet": _parquet}


def _check(as_json: bool) -> None:
    from daytwo.insight.facts.checking import compare  # noqa: PLC0415 - after setup
    from daytwo.insight.facts.follow import follower  # noqa: PLC0415

    differing = compare(follower(), progress("Comparing"))
    content = {"equal": not differing, "differing": [asdict(d) for d in differing]}
    words = [
        f"{d.name}: {d.missing} row(s) missing, {d.surplus} too many, {d.changed} changed,"
        f" such as {d.example}"
        for d in differing
    ]
    answer(as_json, content, "\n".join(words) or "Every fact equals one made anew.")
    sys.exit(1 if differing else 0)
