"""After the release: shipments, and what the market sends back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daytwo.doors.simulator.plant.calendar import DAY, OFFICE, opening

if TYPE_CHECKING:
    from collections.abc import Generator

    import simpy

    from daytwo.doors.simulator.flow.batch import Batch
    from daytwo.doors.simulator.plant.site import Site

COMPLAINTS = (
    ("packaging", "Leaflet missing in one carton"),
    ("packaging", "Blister was empty at one place; patient sent a photo"),
    ("appearance", "Tablet broken in the blister; 2 of 10"),
    ("efficacy", "Patient reports no effect, no medical file given"),
    ("quantity", "Fill volume seems low (customer's words)"),
)
SHIPPED = 0.94


def ship(site: Site, batch: Batch) -> Generator[simpy.Event, Any, None]:
    """Ship a released batch in one or two parts; complaints may follow."""
    draw = site.chance.stream("market", batch.number)
    units = int(batch.product.size * SHIPPED)
    parts = draw.whole(1, 2)
    for part in range(parts):
        yield site.until(opening(site.now + draw.whole(2, 12) * DAY, OFFICE))
        share = units // parts if part < parts - 1 else units - units // parts * (parts - 1)
        site.add(
            "erp/shipments.tsv",
            shipment=site.number("SH", 5),
            batch_no=batch.number,
            units=str(share),
            shipped=site.now,
        )
    for _ in range(draw.count(site.parameters.quality.complaint_rate)):
        yield site.until(opening(site.now + draw.whole(10, 120) * DAY, OFFICE))
        site.go(_complain(site, batch))


def _complain(site: Site, batch: Batch) -> Generator[simpy.Event, Any, None]:
    number = site.number("CMP", 4)
    draw = site.chance.stream("complaint", number)
    category, text = draw.pick(COMPLAINTS)
    row = site.add(
        "qms/complaints.csv",
        complaint_no=number,
        batch_no=batch.number,
        product=batch.product.code,
        received=site.now,
        category=category,
        text=text,
    )
    yield site.until(opening(site.now + draw.whole(8, 45) * DAY, OFFICE))
    row["closed"] = site.now
