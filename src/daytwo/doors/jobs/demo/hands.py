"""Simulated hands: what a person would enter at a step so that it conforms."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from daytwo.record.batches.rules.entries import container_label
from daytwo.record.recipes.document import (
    ChargeMaterial,
    CheckEquipment,
    EnterChoice,
    EnterNumber,
    EnterText,
    LineClearance,
    Weigh,
    Yield,
)

if TYPE_CHECKING:
    from random import Random

    from daytwo.record.recipes.document import Step


def equipment_number(equipment_class: str) -> str:
    """Return the number of the demonstration site's equipment of a class."""
    return f"{''.join(part[0] for part in equipment_class.split('_')).upper()}-{equipment_class}-01"


def lot_number(material_code: str, series: int = 1) -> str:
    """Return the number of the demonstration site's lot of a material."""
    return f"L-{material_code}-{series:02d}"


def conforming_entry(  # noqa: PLR0911 - one answer a kind of step
    step: Step, batch_id: str, chance: Random, series: int = 1
) -> dict[str, str]:
    """Return an entry that is within all limits.

    Args:
        step: The step.
        batch_id: The batch.
        chance: Source of the scatter; the same seed gives the same entries.
        series: Which delivery of each material is used.
    """
    match step:
        case EnterNumber():
            return {"value": _number(step, chance)}
        case EnterText():
            return {"value": "As described."}
        case EnterChoice():
            return {"value": step.accepted[0]}
        case Weigh():
            return _weighing(step, chance, series)
        case ChargeMaterial():
            entry = {"container": container_label(batch_id, step.weigh)}
            if step.equipment_class:
                entry["equipment"] = equipment_number(step.equipment_class)
            return entry
        case CheckEquipment():
            return {"equipment": equipment_number(step.equipment_class)}
        case LineClearance():
            return {f"item-{n}": "yes" for n in range(1, len(step.items) + 1)}
        case Yield():
            return _yield(step, chance)
        case _:
            return {"confirmed": "yes"}


def _between(low: Decimal, high: Decimal, share: float, places: int) -> str:
    step = Decimal(1).scaleb(-places)
    value = low + (high - low) * Decimal(f"{share:.4f}")
    return str(value.quantize(step))


def _share(chance: Random) -> float:
    """Return a place between two limits, mostly near the middle."""
    return min(0.85, max(0.15, chance.gauss(0.5, 0.12)))


def _number(step: EnterNumber, chance: Random) -> str:
    low = step.alert_low or step.action_low
    high = step.alert_high or step.action_high
    middle = step.target or low or high
    base = middle.value if middle else Decimal(10)
    bottom = low.value if low else base - abs(base) / 50
    top = high.value if high else base + abs(base) / 50
    return _between(bottom, top, _share(chance), step.decimals)


def _weighing(step: Weigh, chance: Random, series: int) -> dict[str, str]:
    places = max(0, -int(step.target.value.as_tuple().exponent))
    tare = Decimal("2.000") if step.tare_required else Decimal(0)
    net = Decimal(
        _between(step.tolerance_low.value, step.tolerance_high.value, _share(chance), places)
    )
    return {
        "lot": lot_number(step.material, series),
        "balance": equipment_number(step.equipment_class),
        "tare": str(tare),
        "gross": str(tare + net),
    }


def _yield(step: Yield, chance: Random) -> dict[str, str]:
    if step.actual_step is not None:
        return {}
    low = step.theoretical.value * step.low.value / 100
    high = step.theoretical.value * min(step.high.value, Decimal(100)) / 100
    places = max(0, -int(step.theoretical.value.as_tuple().exponent))
    # Theory may be what was really weighed, a little more than the formula: keep off the low end.
    return {"value": _between(low, high, max(0.4, _share(chance)), places)}
