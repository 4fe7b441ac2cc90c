"""The evaluator: a definition and the facts give a value with n, coverage and an interval."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from daytwo.insight.facts.queries import batch_facts
from daytwo.insight.kpis.definition import Definition, Observation, definition
from daytwo.insight.kpis.statistics import median, median_interval, nearest_rank
from daytwo.kernel.errors import Fault
from daytwo.record.ledger.reading import one_event

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daytwo.insight.facts.batch import BatchFact


@dataclass(frozen=True, slots=True)
class KpiValue:
    """A KPI's answer; `value` is None ("unknown") when nothing counts.

    Attributes:
        definition: Which definition, which version.
        value: Median, in the definition's unit.
        n: Observations that count.
        coverage: n over n plus those left out because the record lacks an event; None for 0/0.
        interval: 95 % interval of the median; None below the minimum n.
        p90: 90th percentile by nearest rank.
        open: Subjects whose stop event has not come.
        excluded: (reason, how many), the most frequent first.
        observations: Every subject, counted or not.
    """

    definition: Definition
    value: float | None
    n: int
    coverage: float | None
    interval: tuple[float, float] | None
    p90: float | None
    open: int
    excluded: tuple[tuple[str, int], ...]
    observations: tuple[Observation, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the answer's contract: id, version, value, unit, n, coverage, interval, more."""
        return {
            "id": self.definition.id,
            "version": self.definition.version,
            "value": self.value,
            "unit": self.definition.unit,
            "n": self.n,
            "coverage": self.coverage,
            "interval": list(self.interval) if self.interval else None,
            "p90": self.p90,
            "open": self.open,
            "excluded": [{"why": why, "n": n} for why, n in self.excluded],
        }


def show(kpi_id: str, *, product_code: str = "") -> KpiValue:
    """Evaluate a KPI over the present record.

    Args:
        kpi_id: Such as `K1`.
        product_code: Only this product; empty for all.
    """
    facts = batch_facts()
    if product_code:
        facts = [row for row in facts if row.product_code == product_code]
    return evaluate(definition(kpi_id), facts)


def evaluate(of: Definition, facts: Sequence[BatchFact]) -> KpiValue:
    """Evaluate a definition over given facts; every subject is counted, open or excluded.

    Raises:
        Fault: The parts do not add up to the whole.
    """
    observations = tuple(of.observe(facts))
    counted = [o for o in observations if o.value is not None]
    values = [o.value for o in counted if o.value is not None]
    still_open = sum(o.open for o in observations)
    excluded = Counter(o.why_not for o in observations if o.value is None and not o.open)
    if len(counted) + still_open + excluded.total() != len(facts) or "" in excluded:
        raise Fault("kpi.does_not_add_up", f"{of.id}: the parts do not add up to the whole.")
    missing = sum(o.missing for o in observations)
    return KpiValue(
        definition=of,
        value=median(values),
        n=len(values),
        coverage=len(values) / (len(values) + missing) if values or missing else None,
        interval=median_interval(values) if len(values) >= of.minimum_n else None,
        p90=nearest_rank(values, 0.9),
        open=still_open,
        excluded=tuple(excluded.most_common()),
        observations=observations,
    )


def explain(kpi_id: str, *, product_code: str = "") -> list[dict[str, Any]]:
    """Return every subject of a KPI with its value or reason, down to the events and hashes.

    Raises:
        Fault: A counted value does not follow from its two events.
    """
    found = show(kpi_id, product_code=product_code)
    return [_explained(found.definition, o) for o in found.observations]


def _explained(of: Definition, observation: Observation) -> dict[str, Any]:
    start, stop = (_event(seq) for seq in (observation.start_seq, observation.stop_seq))
    if observation.value is not None and (start is None or stop is None):
        raise Fault("kpi.unexplained", f"{of.id}: {observation.subject} has no events.")
    return {
        "subject": observation.subject,
        "value": observation.value,
        "unit": of.unit,
        "why_not": observation.why_not,
        "open": observation.open,
        "start": start,
        "stop": stop,
    }


def _event(seq: int | None) -> dict[str, Any] | None:
    found = None if seq is None else one_event(seq)
    if found is None:
        return None
    return {
        "seq": found.seq,
        "stream": found.stream,
        "version": found.version,
        "type": found.type,
        "occurred_at": found.occurred_text,
        "actor": found.actor.name,
        "hash": found.hash,
        "origin": found.origin,
    }
