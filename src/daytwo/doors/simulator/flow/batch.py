"""A batch on its way, with what no system knows of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import simpy

    from daytwo.doors.simulator.plant.chance import Draw
    from daytwo.doors.simulator.plant.recipes import Cause, Product, Step

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Segment:
    """A span of waiting between the end of manufacture and the decision.

    Attributes:
        cause: `assembly`, `production_review`, `lab`, `deviation`, `qa_review`, `qp_decision`.
        owner: Function that the batch waits for.
        detail: What exactly.
    """

    since: int
    until: int
    cause: str
    owner: str
    detail: str


@dataclass(slots=True)
class Batch:
    """State of a batch.

    Attributes:
        use: Of its version of the master batch record, from 1.
        row: Its row in the orders' export.
        trace: Begin, end and pause of compression.
        stage: The leg on the way to its decision that it is in.
    """

    number: str
    product: Product
    version: int
    use: int
    row: Row
    draw: Draw
    sequence: int
    steps: tuple[Step, ...] = ()
    planned_deviations: dict[int, list[Cause]] = field(default_factory=dict)
    lots: dict[str, str] = field(default_factory=dict)
    quality: dict[str, float] = field(default_factory=dict)
    values: dict[str, float] = field(default_factory=dict)
    started: int | None = None
    ended: int | None = None
    packed: int | None = None
    trace: tuple[int, int, tuple[int, int, str] | None] | None = None
    stage: str = ""
    decided: int | None = None
    decision: str = ""
    reworked: bool = False
    aborted: bool = False
    faulty: bool = False
    missing: list[Row] = field(default_factory=list)
    errors: list[Row] = field(default_factory=list)
    back_entries: int = 0
    back_entered: int = 0
    open_deviations: list[simpy.Event] = field(default_factory=list)
    deviation_spans: list[Segment] = field(default_factory=list)
    laboratory: list[simpy.Event] = field(default_factory=list)
    laboratory_spans: list[Segment] = field(default_factory=list)
    laboratory_final: int = 0
    exceptions: list[Row] = field(default_factory=list)
    path: list[Segment] = field(default_factory=list)

    @property
    def urgency(self) -> float:
        """Return the promised day as urgency: first promised, first served."""
        return float(self.row["_promised"])

    def wait(self, until: int, cause: str, owner: str, detail: str) -> None:
        """Attribute the time since the last attributed moment to a cause."""
        since = self.path[-1].until if self.path else self.ended
        if since is not None and until > since:
            self.path.append(Segment(since, until, cause, owner, detail))
