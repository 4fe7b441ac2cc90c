"""`daytwo import`: read another system's export through a mapping file into the record."""

from __future__ import annotations

import getpass
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from daytwo.doors.options import answer, open_site, progress, site_options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from daytwo.record.ledger.envelope import Actor

MOST_SHOWN = 8
"""Remarks of each kind that are printed for people; `--json` has them all."""


@click.command()
@site_options
@click.option(
    "--mapping",
    default="tablets",
    show_default=True,
    help="Mapping file (YAML); or a name: of one on the record (NAME@VERSION), else a shipped one.",
)
@click.option("--as", "person", default="", help="Person who imports; proves it by password.")
@click.option("--password", default="", help="Of that person; asked for when not given.")
@click.option("--dry-run", is_flag=True, help="Read and check everything; write nothing.")
@click.argument("source", type=click.Path(exists=True, file_okay=False, path_type=Path))
def verb(
    data: Path,
    as_json: bool,  # noqa: FBT001
    mapping: str,
    source: Path,
    person: str = "",
    password: str = "",
    dry_run: bool = False,  # noqa: FBT001, FBT002
    *,
    silent: bool = False,
) -> dict[str, Any]:
    """Import a folder of exported files and print the reconciliation."""
    open_site(data)
    from daytwo.doors.connectors.run import run_import  # noqa: PLC0415 - after setup

    with mapping_at(mapping) as path:
        found = run_import(
            path,
            source,
            None if dry_run else _actor(person, password),
            progress=progress("Importing"),
        )
    if not silent:
        answer(as_json, found, _words(found, dry_run=dry_run))
    return found


@contextmanager
def mapping_at(name: str) -> Iterator[Path]:
    """Give a mapping as a file: one on the record, in its latest version unless one is named.

    A name that the record does not have is that of a shipped one, or a path.
    """
    from daytwo.record.access.queries import find_mapping  # noqa: PLC0415 - after setup

    mapping_id, _, version = name.partition("@")
    row = None
    if not version or version.isdecimal():
        row = find_mapping(mapping_id, int(version) if version else None)
    if row is None:
        if version:
            message = f"No version {version} of a mapping {mapping_id!r} is on the record."
            raise click.ClickException(message)
        yield mapping_file(name)
        return
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{row.mapping_id}.yaml"
        path.write_bytes(row.text.encode())
        yield path


def mapping_file(name: str) -> Path:
    """Return a mapping's file: a path, or the name of a shipped one."""
    path = Path(name)
    if path.suffix in {".yaml", ".yml"}:
        if not path.is_file():
            message = f"There is no mapping file {path}."
            raise click.ClickException(message)
        return path
    shipped = Path(str(resources.files("daytwo"))) / "examples" / "mappings" / f"{name}.yaml"
    if not shipped.is_file():
        message = f"No mapping {name!r} is on the record or shipped; give the path of a file."
        raise click.ClickException(message)
    return shipped


def _actor(person_id: str, password: str) -> Actor:
    from daytwo.record.access import ceremony  # noqa: PLC0415 - after setup
    from daytwo.record.access.authority import By, admit  # noqa: PLC0415
    from daytwo.record.access.enums import Permission  # noqa: PLC0415
    from daytwo.record.ledger.envelope import Actor as Who  # noqa: PLC0415

    if not person_id:
        return Who("system.import", f"Import at the command line by {getpass.getuser()}", "system")
    person, role = admit(By(person_id, "cli", "cli"), Permission.IMPORT_RUN)
    password = password or click.prompt(f"Password of {person.name}", hide_input=True)
    code = click.prompt("Code of the authenticator") if person.totp else ""
    ceremony.authenticate(person_id, password, code, purpose="import", channel="cli")
    return Who(person.id, person.name, role)


def _words(found: dict[str, Any], *, dry_run: bool) -> str:
    kinds = (f"  {kind}: {_counts(n)}" for kind, n in found["kinds"].items())
    rows = (
        f"  rows read {found['read']}, made {found['made']}, already there {found['already']},"
        f" passed over {found['passed_over']}, set aside {found['rows_set_aside']};"
        f" fields set aside {found['fields_set_aside']}, blank {found['blanks']}"
    )
    lines = ["Rehearsal, nothing was written:" if dry_run else "Imported:", rows, *kinds]
    for title, remarks in (("set aside", found["set_aside"]), ("warning", found["warnings"])):
        lines += [
            f"  {title}: {r['file']} row {r['row']}{_field(r)}: {r['why']}"
            for r in remarks[:MOST_SHOWN]
        ]
        if len(remarks) > MOST_SHOWN:
            lines.append(f"  and {len(remarks) - MOST_SHOWN} more ({title}); --json has them all")
    if left := found["unread"]:
        lines.append(f"  not read by this mapping: {', '.join(left)}")
    return "\n".join(lines)


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{status} {n}" for status, n in counts.items())


def _field(remark: dict[str, Any]) -> str:
    return f", {remark['field']}" if remark["field"] else ""
