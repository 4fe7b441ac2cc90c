"""Results out of specification: phase one, then invalidated with a reason, or confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daytwo.doors.simulator.flow.deviations import Finding, deviate

if TYPE_CHECKING:
    from collections.abc import Generator

    import simpy

    from daytwo.doors.simulator.flow.laboratory import Sample
    from daytwo.doors.simulator.plant.desk import Turn
    from daytwo.doors.simulator.plant.recipes import Test
    from daytwo.doors.simulator.plant.site import Row, Site

REASONS = (
    "Pipetting error shown by re-preparation of the same solution",
    "Air bubble in the cell; spectrum distorted",
    "Standard weighed wrongly, see balance print-out",
    "Integration of the peak wrong, re-integrated by SOP",
    "Contamination of the plate by handling, control plate positive",
)


def investigate(
    site: Site, sample: Sample, test: Test, row: Row, *, truly: bool
) -> Generator[simpy.Event, Any, tuple[bool, str]]:
    """Investigate a result; return whether it stands, and who decided so."""
    oos = site.add(
        "lims/oos.csv",
        oos_no=site.number("OOS", 4),
        result_no=row["result_no"],
        sample_no=row["sample_no"],
        subject=row["subject"],
        test=test.code,
        opened=site.now,
    )
    draw = site.chance.stream("oos", oos["oos_no"])
    hours = site.parameters.laboratory.phase_one_hours * draw.skewed(1, 0.5)
    turn: Turn = yield site.desks["results"].submit(hours * 60, sample.urgency)
    oos["decided"] = turn.end
    oos["outcome"] = "confirmed" if truly else "invalidated"
    oos["reason"] = "No laboratory error found" if truly else draw.pick(REASONS)
    batch = sample.batch
    if truly and batch is not None:
        batch.decision = "rejected"
        deviate(
            site, batch, Finding("", None, site.now, turn.person.id, test=test.name, critical=True)
        )
    return truly, turn.person.id
