"""The units of the plant: areas, classes, ids, and their state."""

from __future__ import annotations

from dataclasses import dataclass

from daytwo.doors.simulator.plant.calendar import DAY

CLEAN_AT_FIRST = 14 * DAY
"""Units of a new plant are clean for so long."""


@dataclass(slots=True)
class Unit:
    """A unit; times in seconds of the site's clock.

    Attributes:
        clean_until: End of its clean hold.
        wear: Batches since its last maintenance.
    """

    id: str
    name: str
    unit_class: str
    area: str
    line: str
    clean_until: int = 0
    wear: int = 0


_UNITS = (
    ("DB1", "Dispensing booth 1", "booth", "Dispensing", ""),
    ("DB2", "Dispensing booth 2", "booth", "Dispensing", ""),
    ("GR1", "High-shear granulator with fluid bed", "granulator", "Granulation", "L1"),
    ("BL1", "Bin blender 1", "blender", "Granulation", "L1"),
    ("BL2", "Bin blender 2", "blender", "Granulation", "L2"),
    ("PR1", "Rotary press 1", "press", "Compression", "L1"),
    ("PR2", "Rotary press 2", "press", "Compression", "L2"),
    ("CO1", "Drum coater", "coater", "Coating", "L1"),
    ("PK1", "Blister line 1", "packaging", "Packaging", "L1"),
    ("PK2", "Blister line 2", "packaging", "Packaging", "L2"),
    ("SD1", "Seed laboratory", "seed", "Cell culture", "L3"),
    ("BR1", "Single-use bioreactor 200 L A", "bioreactor", "Cell culture", "L3"),
    ("BR2", "Single-use bioreactor 200 L B", "bioreactor", "Cell culture", "L3"),
    ("CH1", "Chromatography skid", "chromatography", "Purification", "L3"),
    ("FI1", "Filling hood", "filling", "Filling", "L3"),
)


def units() -> list[Unit]:
    """Return the units of a new plant, all clean."""
    return [Unit(*entry, clean_until=CLEAN_AT_FIRST) for entry in _UNITS]


def serves(unit: Unit, unit_class: str, line: str) -> bool:
    """Tell whether a unit is of a class and of a line, or shared by all lines."""
    return unit.unit_class == unit_class and unit.line in {"", line}
