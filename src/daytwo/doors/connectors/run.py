"""Run an import and record, in the same ledger, what became of every row."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from daytwo.doors.connectors.tables.loading import load_mapping
from daytwo.doors.connectors.tables.run import import_tables
from daytwo.kernel.clock import now, stamp
from daytwo.kernel.ids import new_id
from daytwo.record.ledger.append import Intent, Pending
from daytwo.record.ledger.door import transact
from daytwo.record.ledger.envelope import Actor, Origin
from daytwo.record.ledger.events import ImportReconciled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from daytwo.doors.connectors.tables.mapping import TableMapping

MOST_KEPT = 1000
"""Remarks of each kind that the record of a run keeps; the printed answer has them all."""


def run_import(
    mapping_path: Path,
    folder: Path,
    actor: Actor | None,
    *,
    progress: Callable[[int, int], None] = lambda done, of: None,  # noqa: ARG005
) -> dict[str, Any]:
    """Import a folder and return the reconciliation as plain JSON.

    Args:
        mapping_path: The mapping file.
        folder: Where the exported files are.
        actor: Who imports; None for a rehearsal.
        progress: Told rows done and rows there are.
    """
    mapping = load_mapping(mapping_path)
    found: dict[str, Any] = dict(
        import_tables(mapping_path, folder, actor, progress=progress).as_json()
    )
    found["unread"] = unread(folder, (file["name"] for file in found["files"]))
    if actor is not None:
        record_run(found, mapping, actor)
    return found


def unread(folder: Path, read: Iterable[str]) -> list[str]:
    """Return the files of an export, hidden ones aside, that the mapping does not ask for.

    Args:
        folder: Where the exported files are.
        read: Names under it of the files that were read, a part of one after a `#`.
    """
    names = {name.partition("#")[0] for name in read}
    there = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    seen = (path.as_posix() for path in there if not any(p.startswith(".") for p in path.parts))
    return sorted(islice((name for name in seen if name not in names), MOST_KEPT))


def record_run(found: dict[str, Any], mapping: TableMapping, actor: Actor) -> int:
    """Put a run on the record and return its event's number.

    Args:
        found: The reconciliation as plain JSON.
        mapping: What it was made by.
        actor: Who imported.
    """
    detail = {key: found[key] for key in ("blanks", "kinds", "files", "events")}
    detail |= {key: found[key][:MOST_KEPT] for key in ("set_aside", "warnings")}
    detail["mapping"] = {"id": mapping.id, "version": mapping.version, "sha256": mapping.sha256}
    event = ImportReconciled(
        run_id=f"{mapping.id}/{stamp(now())}",
        mapping=f"{mapping.id} v{mapping.version}",
        system=mapping.system,
        read=found["read"],
        made=found["made"],
        already=found["already"],
        rows_set_aside=found["rows_set_aside"],
        fields_set_aside=found["fields_set_aside"],
        detail=detail,
        passed_over=found["passed_over"],
    )
    intent = Intent(new_id(), "import.reconcile", "", actor, Origin("system", "import"))
    receipt = transact(intent, lambda: [Pending(f"import/{mapping.id}", event)])
    return receipt.events[0].seq
