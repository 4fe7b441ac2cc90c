"""One import from beginning to end: mapping, files, records, reconciliation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.doors.connectors.reconcile import reconcile
from daytwo.doors.connectors.tables.loading import load_mapping
from daytwo.doors.connectors.tables.reader import open_tables
from daytwo.doors.connectors.writer import dry_writer, ledger_writer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from daytwo.doors.connectors.reconcile import Reconciliation
    from daytwo.record.ledger.envelope import Actor


def import_tables(
    mapping_path: Path,
    folder: Path,
    actor: Actor | None,
    *,
    progress: Callable[[int, int], None] = lambda done, of: None,  # noqa: ARG005
) -> Reconciliation:
    """Import a folder of delimited files.

    Args:
        mapping_path: The mapping file.
        folder: Where the files are.
        actor: Who imports; None for a rehearsal that writes nothing and says what would be made
            of an empty record.
        progress: Told rows done and lines there are.

    Returns:
        The reconciliation; a second run of the same files makes nothing.

    Raises:
        ConnectorError: `import.mapping`, `import.files`, `import.encoding` before anything is
            written; `import.file_changed`, `import.too_many_faults` later: what was made is kept,
            and running again goes on from there.
    """
    mapping = load_mapping(mapping_path)
    source = open_tables(mapping, folder)
    name = f"{mapping.id} v{mapping.version}"
    write = dry_writer if actor is None else ledger_writer(actor, name, mapping.joins)
    return reconcile(
        source.rows(),
        write,
        files=source.files,
        progress=lambda done: progress(done, source.lines),
    )
