"""Material lots: ordered, received, tested and released; their quality differs by lot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from daytwo.doors.simulator.flow.laboratory import test_lot
from daytwo.doors.simulator.plant.calendar import DAY, HOUR, MINUTE, OFFICE, PRODUCTION, opening
from daytwo.doors.simulator.plant.recipes import Material, materials, planted

if TYPE_CHECKING:
    from collections.abc import Generator

    import simpy

    from daytwo.doors.simulator.plant.site import Row, Site

IN_STOCK = 3
AHEAD = 2
SUPPLIER_SPREAD = 0.5
LOT_SPREAD = 0.7
SHELF_LIFE_DAYS = 900


@dataclass(slots=True)
class Lot:
    """A lot; `quality` in standard deviations from the usual, seen only through its effects."""

    number: str
    material: Material
    quality: float
    left: float
    row: Row
    released: bool = False


class Stock:
    """The warehouse: lots by material, oldest first."""

    def __init__(self, site: Site) -> None:
        """Fill the warehouse with released lots of before the period."""
        self._site = site
        self._lots: dict[str, list[Lot]] = {code: [] for code in materials()}
        self._bad = {entry["id"]: entry for entry in planted()["bad_lots"]}
        self._ordered: dict[str, int] = dict.fromkeys(materials(), 0)
        suppliers = site.chance.stream("suppliers")
        self._suppliers = {
            (code, name): suppliers.normal(0, SUPPLIER_SPREAD)
            for code, material in materials().items()
            for name in material.suppliers
        }
        for code in materials():
            for age in range(IN_STOCK):
                received = opening(-DAY * (40 + 25 * (IN_STOCK - age)), OFFICE)
                lot = self._receive(code, received)
                lot.released = True
                lot.row["released"] = opening(received + 12 * DAY, OFFICE)

    def take(self, code: str, quantity: float) -> Generator[simpy.Event, Any, Lot]:
        """Take a quantity of the oldest released lot that has it; wait until there is one."""
        while True:
            for lot in self._lots[code]:
                if lot.released and lot.left >= quantity:
                    lot.left -= quantity
                    self._reorder(code)
                    return lot
            self._reorder(code)
            yield self._site.until(opening(self._site.now + 4 * HOUR, PRODUCTION))

    def _reorder(self, code: str) -> None:
        full = [lot for lot in self._lots[code] if lot.left > lot.material.lot_size * 0.5]
        while len(full) + self._ordered[code] < AHEAD + 1:
            self._ordered[code] += 1
            self._site.go(self._deliver(code))

    def _deliver(self, code: str) -> Generator[simpy.Event, Any, None]:
        site = self._site
        order = site.number("PO")
        days = site.chance.stream("delivery", order).between(10, 20)
        at, _ = site.roster.next_in_office("warehouse", site.now + int(days * DAY))
        yield site.until(-(-at // MINUTE) * MINUTE)
        lot = self._receive(code, site.now)
        self._ordered[code] -= 1
        yield site.go(test_lot(site, lot))
        lot.row["released"] = site.now
        lot.released = True

    def _receive(self, code: str, t: int) -> Lot:
        material, site = materials()[code], self._site
        number = site.number(f"{code}-L", 4)
        draw = site.chance.stream("lot", number)
        supplier = draw.pick(material.suppliers)
        quality = self._suppliers[code, supplier] + draw.normal(0, LOT_SPREAD)
        for key, entry in list(self._bad.items()):
            if entry["material"] == code and t >= site.conditions.moment(entry["at"]):
                quality = entry["quality"]
                del self._bad[key]
                site.truth["bad_lots"].append(
                    {"id": key, "lot": number, "material": code, "quality": quality}
                )
        potency = material.potency - 0.25 * abs(quality) if material.potency else 0
        row = site.add(
            "erp/lots.tsv",
            lot=number,
            material=code,
            material_name=material.name,
            supplier=supplier,
            supplier_lot=f"{supplier[:2].upper()}{draw.whole(10_000, 99_999)}",
            received=t,
            expiry=t + SHELF_LIFE_DAYS * DAY,
            quantity=f"{material.lot_size:.0f}",
            unit=material.unit,
            potency=f"{potency:.2f}" if potency else None,
            _quality=round(quality, 3),
        )
        lot = Lot(number, material, quality, material.lot_size, row)
        self._lots[code].append(lot)
        return lot
