"""The ledger's own events: what an import read, made and set aside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from daytwo.record.ledger.catalogue import event


@event("system.import.reconciled")
@dataclass(frozen=True, slots=True)
class ImportReconciled:
    """A run of an import ended; every row that was read is accounted for.

    Attributes:
        run_id: The run, `<system>/<time>`.
        mapping: Mapping and version, such as `tablets v1`.
        system: The source system.
        read: Rows read.
        made: Rows of which something is new in the record.
        already: Rows that were there already.
        rows_set_aside: Rows of which nothing was kept.
        fields_set_aside: Fields left out of rows that were kept.
        detail: Files with their digests, kinds with counts, what was set aside and warned of
            (the first thousand of each), blanks, and the mapping's digest.
        passed_over: Rows that no condition of the mapping asks for.
    """

    run_id: str
    mapping: str
    system: str
    read: int
    made: int
    already: int
    rows_set_aside: int
    fields_set_aside: int
    detail: dict[str, Any]
    passed_over: int = 0
