"""`daytwo kpi`: show a KPI, explain it down to the events, list the definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from daytwo.doors.options import answer, open_site, site_options

if TYPE_CHECKING:
    from pathlib import Path


@click.group()
def verb() -> None:
    """Strategic KPIs, from the record."""


@verb.command()
@site_options
@click.argument("kpi_id")
@click.option("--product", default="", help="Only this product code.")
def show(data: Path, as_json: bool, kpi_id: str, product: str) -> None:
    """Show a KPI's value, n, coverage, interval and exclusions."""
    open_site(data)
    from daytwo.insight.kpis.evaluate import show as evaluate  # noqa: PLC0415 - after setup

    found = evaluate(kpi_id, product_code=product).as_json()
    answer(as_json, found, _words(found))


@verb.command()
@site_options
@click.argument("kpi_id")
@click.option("--product", default="", help="Only this product code.")
def explain(data: Path, as_json: bool, kpi_id: str, product: str) -> None:
    """List every subject of a KPI with its value or reason, and the events behind it."""
    open_site(data)
    from daytwo.insight.kpis.evaluate import explain as explained  # noqa: PLC0415 - after setup

    rows = explained(kpi_id, product_code=product)
    answer(as_json, {"id": kpi_id, "rows": rows}, "\n".join(_row_words(row) for row in rows))


@verb.command(name="list")
@site_options
def list_(data: Path, as_json: bool) -> None:
    """List the definitions."""
    open_site(data)
    from daytwo.insight.kpis.definition import all_definitions  # noqa: PLC0415 - after setup

    found = [{"id": d.id, "version": d.version, "name": d.name} for d in all_definitions()]
    answer(as_json, {"kpis": found}, "\n".join(f"{d['id']:5} {d['name']}" for d in found))


def _words(found: dict[str, Any]) -> str:
    value = "unknown" if found["value"] is None else f"{found['value']:.3g} {found['unit']}"
    lines = [f"{found['id']} version {found['version']}: {value}, n {found['n']}"]
    if found["interval"]:
        low, high = found["interval"]
        lines.append(f"  95 % interval {low:.3g} to {high:.3g} {found['unit']}")
    if found["coverage"] is not None:
        lines.append(f"  coverage {found['coverage']:.0%}")
    lines.append(f"  open {found['open']}")
    lines += [f"  left out {item['n']}: {item['why']}" for item in found["excluded"]]
    return "\n".join(lines)


def _row_words(row: dict[str, Any]) -> str:
    if row["value"] is not None:
        said = f"{row['value']:.3f} {row['unit']}"
    else:
        said = "open" if row["open"] else row["why_not"]
    events = [f"#{e['seq']} {e['hash'][:12]}" for e in (row["start"], row["stop"]) if e]
    return f"{row['subject']}: {said}  {' -> '.join(events)}".rstrip()
