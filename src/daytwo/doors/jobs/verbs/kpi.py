"""`daytwo kpi`: show a KPI, explain it down to the events, list, rank waits, export."""

from __future__ import annotations

import dataclasses
import json
from functools import wraps
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from daytwo.doors.options import answer, open_site, progress, site_options, whole_file
from daytwo.insight.kpis.calendar import SPANS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pyarrow as pa


@click.group()
def verb() -> None:
    """Strategic KPIs, from the record."""


def _asked(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add what a KPI can be asked by; the function gets it as `asked`."""

    @click.option("--product", default="", help="Only this product code.")
    @click.option("--site", default="", help="Only this site.")
    @click.option("--since", default="", metavar="DAY", help="First day, YYYY-MM-DD.")
    @click.option("--until", default="", metavar="DAY", help="Last day, YYYY-MM-DD.")
    @click.option("--version", type=int, help="Version of the definition [default: the newest].")
    @wraps(function)
    def wrapped(
        product: str,
        site: str,
        since: str,
        until: str,
        version: int | None,
        **more: Any,
    ) -> Any:
        asked = {"product_code": product, "site": site, "since": since, "until": until}
        return function(asked=asked | {"version": version}, **more)

    return wrapped


@verb.command()
@site_options
@click.argument("kpi_id")
@_asked
@click.option("--by", multiple=True, metavar="DIMENSION", help="One figure for each value of it.")
@click.option("--trend", default="", metavar="SPAN", help="One figure a week, month or quarter.")
def show(
    data: Path, as_json: bool, kpi_id: str, asked: dict[str, Any], by: tuple[str, ...], trend: str
) -> None:
    """Show a KPI's value, n, coverage, interval and exclusions."""
    open_site(data)
    from daytwo.insight.kpis import asking  # noqa: PLC0415 - after setup

    found = asking.show(kpi_id, **asked).as_json()
    lines = [_words(found)]
    if trend:
        found["trend"] = [v.as_json() for v in asking.trend(kpi_id, trend, by=by, **asked)]
        lines += [_group_words(one) for one in found["trend"]]
    elif by:
        found["groups"] = [v.as_json() for v in asking.groups(kpi_id, by=by, **asked)]
        lines += [_group_words(one) for one in found["groups"]]
    answer(as_json, found, "\n".join(lines))


@verb.command()
@site_options
@click.argument("kpi_id")
@_asked
@click.option("--subject", default="", help="Every event behind this one.")
@click.option("--limit", default=10_000, help="Subjects listed at the most.")
def explain(
    data: Path, as_json: bool, kpi_id: str, asked: dict[str, Any], subject: str, limit: int
) -> None:
    """List every subject of a KPI with its value or reason, and the events behind it."""
    open_site(data)
    from daytwo.insight.kpis import asking  # noqa: PLC0415 - after setup
    from daytwo.insight.kpis.definition import definition  # noqa: PLC0415 - after setup
    from daytwo.insight.kpis.explain import as_rows, history  # noqa: PLC0415 - after setup

    if subject:
        found = asking.subject(kpi_id, subject, version=asked["version"])
        rows = as_rows(definition(kpi_id, asked["version"]), found)
        events = history(found[0])
        text = [*map(_row_words, rows), *map(_event_words, events)]
        answer(as_json, {"id": kpi_id, "rows": rows, "events": events}, "\n".join(text))
        return
    told = asking.explained(kpi_id, limit=limit, **asked)
    rows = as_rows(told.value.definition, told.subjects)
    content = {
        "id": kpi_id,
        "version": told.value.definition.version,
        "figure": told.value.as_json(),
        "complete": told.complete,
        "rows": rows,
    }
    answer(as_json, content, "\n".join(_row_words(row) for row in rows))


@verb.command(name="list")
@site_options
def list_(data: Path, as_json: bool) -> None:
    """List the definitions."""
    open_site(data)
    from daytwo.insight.kpis.definition import all_definitions  # noqa: PLC0415 - after setup

    found = [{"id": d.id, "version": d.version, "name": d.name} for d in all_definitions()]
    answer(as_json, {"kpis": found}, "\n".join(f"{d['id']:12} {d['name']}" for d in found))


@verb.command()
@site_options
@_asked
def flow(data: Path, as_json: bool, asked: dict[str, Any]) -> None:
    """Rank what batches wait for between their end of manufacture and their release."""
    open_site(data)
    from daytwo.insight.kpis import asking  # noqa: PLC0415 - after setup
    from daytwo.insight.kpis.flow import flows, lost  # noqa: PLC0415 - after setup

    asked.pop("version")
    facts, question = asking.current_facts(), asking.question(**asked)
    found = lost(flows(facts, question), question.period, facts.now_us)
    content = {"lost": [dataclasses.asdict(one) for one in found]}
    lines = [
        f"{one.days_per_year:8.0f} days per year lost to {one.cause} ({one.owner}),"
        f" {one.share:.0%}, {one.batches} batches"
        for one in found
    ]
    answer(as_json, content, "\n".join(lines) or "No batch was on its way.")


@verb.command()
@site_options
@_asked
@click.option("--by", multiple=True, metavar="DIMENSION", help="Also a figure for each value.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="File to write."
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["json", "kpi-ml", "parquet"]),
    default="json",
    show_default=True,
    help="JSON with the names of ISO 22400, XML in the manner of KPI-ML, or columns by --span.",
)
@click.option(
    "--span",
    type=click.Choice(SPANS),
    default="week",
    show_default=True,
    help="Of the columns: a row for each of it, and for each value of --by.",
)
def export(
    data: Path,
    as_json: bool,
    asked: dict[str, Any],
    by: tuple[str, ...],
    out: Path,
    format_: str,
    span: str,
) -> None:
    """Write every KPI with its definition, or by span as columns, for other systems."""
    open_site(data)
    from daytwo.insight.kpis import asking  # noqa: PLC0415 - after setup
    from daytwo.insight.kpis import export as exporting  # noqa: PLC0415 - after setup
    from daytwo.insight.kpis.definition import all_definitions  # noqa: PLC0415 - after setup

    asked.pop("version")
    facts, question = asking.current_facts(), asking.question(by=by, **asked)
    if format_ == "parquet":
        from daytwo.insight.kpis.columns import columns  # noqa: PLC0415 - loads the engine

        those = exporting.answering(all_definitions(), question)
        values = _parquet(out, columns(those, facts, question, span), len(those))
    else:
        found = exporting.figures(all_definitions(), facts, question)
        values = len(found)
        if format_ == "json":
            text = json.dumps(exporting.as_json(found, facts), ensure_ascii=False, indent=1)
            content = f"{text}\n".encode()
        else:
            content = exporting.as_kpi_ml(found, facts)
        whole_file(out, lambda file: file.write(content))
    answer(as_json, {"file": str(out), "values": values}, f"{values} values in {out}")


def _parquet(out: Path, tables: Iterator[pa.Table], count: int) -> int:
    """Write so many tables one after the other into a file; return how many rows they had."""
    from pyarrow.parquet import ParquetWriter  # noqa: PLC0415 - slow to load, and rarely wanted

    rows = 0

    def write(file: IO[bytes]) -> None:
        nonlocal rows
        first = next(tables, None)
        if first is None:
            raise click.UsageError("No KPI can be split so.")
        report = progress("Counting KPIs")
        with ParquetWriter(file, first.schema) as writer:
            for number, table in enumerate(chain([first], tables), start=1):
                writer.write_table(table)
                rows += table.num_rows
                report(number, count)

    whole_file(out, write)
    return rows


def _words(found: dict[str, Any]) -> str:
    value = "unknown" if found["value"] is None else f"{found['value']:.3g} {found['unit']}"
    lines = [f"{found['id']} version {found['version']}: {value}, n {found['n']}"]
    if found["interval"]:
        low, high = found["interval"]
        lines.append(f"  95 % interval {low:.3g} to {high:.3g} {found['unit']}")
    if found["coverage"] is not None:
        lines.append(f"  coverage {found['coverage']:.0%}")
    lines.append(f"  open {found['open']}")
    if found["censored"] and found["censored"]["median"] is not None:
        median = found["censored"]["median"]
        lines.append(f"  median with the open ones {median:.3g} {found['unit']} (Kaplan-Meier)")
    lines += [f"  left out {item['n']}: {item['why']}" for item in found["excluded"]]
    return "\n".join(lines)


def _group_words(found: dict[str, Any]) -> str:
    name = ", ".join("unknown" if v is None else str(v) for v in found["group"].values())
    value = "unknown" if found["value"] is None else f"{found['value']:.3g} {found['unit']}"
    if found["withheld"]:
        value = f"withheld: {found['withheld']}"
    line = f"  {name}: {value}, n {found['n']}"
    if found["interval"]:
        low, high = found["interval"]
        line += f", {low:.3g} to {high:.3g}"
    return line


def _row_words(row: dict[str, Any]) -> str:
    if row["value"] is not None:
        said = f"{row['value']:.3f} {row['unit']}"
    elif row["numerator"] is not None:
        said = f"{row['numerator']:g} of {row['denominator']:g}"
    else:
        said = "open" if row["open"] else row["why_not"]
    events = [f"#{e['seq']} {e['hash'][:12]}" for e in (row["start"], row["stop"]) if e]
    return f"{row['subject']}: {said}  {' -> '.join(events)}".rstrip()


def _event_words(event: dict[str, Any]) -> str:
    ref = event["origin"].get("ref") or {}
    source = f"  {ref['file']} row {ref['row']}" if "file" in ref and "row" in ref else ""
    return f"  #{event['seq']} {event['occurred_at']} {event['type']} {event['hash']}{source}"
