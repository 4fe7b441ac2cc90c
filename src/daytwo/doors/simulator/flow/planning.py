"""Orders: planned week by week for each line, weeks before they start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daytwo.doors.simulator.flow.batch import Batch
from daytwo.doors.simulator.flow.making import make
from daytwo.doors.simulator.plant.calendar import (
    DAY,
    HOUR,
    OFFICE,
    PRODUCTION,
    WEEK,
    opening,
)
from daytwo.doors.simulator.plant.recipes import causes, products

if TYPE_CHECKING:
    from collections.abc import Generator

    import simpy

    from daytwo.doors.simulator.plant.recipes import Cause, Product
    from daytwo.doors.simulator.plant.site import Site

WEEKS_OF_A_YEAR = 52
AHEAD_DAYS = 21
MAKING_DAYS = {"L1": 4, "L2": 3, "L3": 22}
"""Days from planned start to planned end."""

REPLANNED = 0.12


def plan(site: Site, product: Product, until: int) -> Generator[simpy.Event, Any, None]:
    """Plan a product's orders evenly over the time, each some weeks ahead."""
    draw = site.chance.stream("plan", product.code)
    every = WEEKS_OF_A_YEAR * WEEK / (site.parameters.plant.batches_per_year * product.share)
    start, sequence = draw.between(0.1, 0.6) * min(every, WEEK) + DAY, 0
    while start < until:
        sequence += 1
        at = opening(int(start), PRODUCTION)
        planned_on = opening(int(start) - AHEAD_DAYS * DAY, OFFICE)
        yield site.until(planned_on)
        site.go(_order(site, product, sequence, min(planned_on, site.now), at))
        start += every * draw.between(0.8, 1.2)


def _order(
    site: Site, product: Product, sequence: int, planned_on: int, start: int
) -> Generator[simpy.Event, Any, None]:
    """Bring an order to the floor on its day."""
    number = f"{product.code[0]}{sequence:04}"
    draw = site.chance.stream("batch", product.code, number)
    end = opening(start + MAKING_DAYS[product.line] * DAY, PRODUCTION)
    promised = opening(end + site.parameters.review.promise_days * DAY, OFFICE)
    row = site.add(
        "mes/orders.csv",
        order_no=f"PO{product.code[0]}{sequence:05}",
        batch_no=number,
        product=product.code,
        product_name=product.name,
        strength=product.strength,
        batch_size=str(product.size),
        size_unit=product.unit,
        mbr=product.mbr,
        mbr_version=str(site.versions[product.code]),
        line=product.line,
        planned_on=planned_on,
        planned_start=start,
        planned_end=end,
        promised_release=promised,
        status="planned",
        _promised=promised,
    )
    site.add(
        "erp/orders.tsv",
        order_no=row["order_no"],
        product=product.code,
        quantity=row["batch_size"],
        unit=product.unit,
        due=promised,
        _born=planned_on,
    )
    if draw.happens(REPLANNED):
        start = opening(start + draw.whole(1, 4) * DAY, PRODUCTION)
        yield site.until(opening(start - 5 * DAY, OFFICE))
        row["replanned_start"] = start
    yield site.until(opening(start, PRODUCTION) - 2 * HOUR)
    yield site.until(opening(site.now, PRODUCTION))
    version = site.versions[product.code]
    row |= {
        "released_to_floor": site.now,
        "status": "released_to_floor",
        "mbr_version": str(version),
    }
    steps, use = site.masters.issue(product, version)
    batch = Batch(number, product, version, use, row, draw, sequence, steps)
    site.batches.append(batch)
    batch.planned_deviations = _deviations(site, batch)
    site.go(make(site, batch))


def _deviations(site: Site, batch: Batch) -> dict[int, list[Cause]]:
    """Draw which root causes strike a batch, and at which step."""
    found: dict[int, list[Cause]] = {}
    changes = site.parameters.changes
    of_product = [cause for cause in causes() if batch.product.code in cause.products]
    total = sum(cause.weight for cause in of_product)
    young = batch.version > 1 and batch.use <= changes.first_batches
    for cause in of_product:
        draw = site.chance.stream("causes", batch.number, cause.id)
        mean = site.parameters.quality.deviations_per_batch * cause.weight / total
        mean *= site.conditions.residual(cause.id, site.now)
        mean *= changes.deviation_factor if young else 1
        for _ in range(draw.count(mean)):
            steps = [s.seq for s in batch.steps if s.unit_procedure == cause.process]
            steps = steps or [s.seq for s in batch.steps]
            found.setdefault(draw.pick(steps), []).append(cause)
    return found


def start_planning(site: Site, until: int) -> None:
    """Start to plan every product."""
    for product in products():
        site.go(plan(site, product, until))
