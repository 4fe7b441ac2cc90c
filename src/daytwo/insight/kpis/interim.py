"""The batch fact of today's memory as a table, until the fact tables are there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daytwo.insight.facts.queries import batch_facts
from daytwo.insight.kpis.calendar import us

if TYPE_CHECKING:
    from daytwo.insight.kpis.subjects import Engine


def engine() -> Engine:
    """Return an engine over the batches in memory; the other tables are empty."""
    from tests.insight.kpis import plant

    rows = [_row(b) for b in batch_facts()]
    return plant.facts(batch=rows).engine


def _row(b: Any) -> dict[str, Any]:
    made = {"batch_id": b.batch_id, "product_code": b.product_code, "origin": b.origin}
    for name in ("planned", "started", "ended", "reviewed", "decided"):
        moment = getattr(b, name)
        made[f"{name}_us"] = None if moment is None else us(moment.at)
        if moment is not None and name != "planned":
            made[f"{name}_seq"] = moment.seq
    first = [m.seq for m in (b.planned, b.started, b.ended, b.decided) if m is not None]
    return made | {"decision": b.decision or None, "seq_first": first[0], "seq_last": first[-1]}
