"""What the systems hold at the end of the period: rows that exist by then, cells filled by then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daytwo.doors.simulator.export.contract import TABLES

if TYPE_CHECKING:
    from daytwo.doors.simulator.export.contract import Table
    from daytwo.doors.simulator.plant.site import Row, Site

Snapshot = dict[str, list["Row"]]
"""Rows by file, in the order of the file; the simulation going on does not change them."""

SOURCE_STATUS = {
    "planned": "10 GEPL",
    "released_to_floor": "20 FREI",
    "in_progress": "30 LAUF",
    "on_hold": "35 HALT",
    "ended": "40 ENDE",
    "in_review": "50 PRUE",
    "released": "70 FRGB",
    "rejected": "80 GESP",
    "aborted": "90 ABBR",
}
"""The status as the vendor codes it."""

ENDS_UNKNOWN = {"down", "maintenance"}
"""Events whose `until` is written when it has come; others know it ahead."""


def snapshot(site: Site) -> Snapshot:
    """Return what is exported now; the site's clock stands at the end of the period."""
    _masters(site)
    found = {name: _visible(site, table) for name, table in TABLES.items()}
    for row in found["mes/orders.csv"]:
        row["source_status"] = SOURCE_STATUS[row["status"]]
    for row in found["mes/equipment_log.csv"]:
        if row["event"] in ENDS_UNKNOWN and row["until"] > site.end:
            row["until"] = None
    for row in found["mes/steps.csv"]:
        if row.get("entry_recorded") is None:
            row["value"] = None
    return found


def _masters(site: Site) -> None:
    """Write the two tables of master data."""
    for person in site.roster:
        site.add(
            "mes/people.csv",
            person=person.id,
            name=person.name,
            role=person.role,
            team=person.team,
            experience_months=str(person.experience),
        )
    for unit in site.units:
        site.add(
            "mes/equipment.csv",
            **{"equipment": unit.id, "name": unit.name, "class": unit.unit_class},
            area=unit.area,
        )


def _visible(site: Site, table: Table) -> list[Row]:
    born = table.born or "_born"
    rows = [row for row in site.tables[table.file] if row.get(born, 0) <= site.end]
    rows.sort(key=lambda row: row.get(born, 0))
    lines = {id(row): str(number) for number, row in enumerate(rows, start=1)}
    times = [column.name for column in table.columns if column.kind == "time"]
    numbered = [column.name for column in table.columns if column.kind == "line"]
    found = []
    for row in rows:
        copy: dict[str, Any] = dict(row)
        for name in times:
            if copy.get(name) is not None and copy[name] > site.end:
                copy[name] = None
        for name in numbered:
            copy[name] = lines[id(row)]
        if isinstance(copy.get("ref"), dict):
            copy["ref"] = lines[id(copy["ref"])]
        found.append(copy)
    return found
