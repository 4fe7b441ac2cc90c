"""What is measured in a batch: natural spread, lots' effects, wear, and planted anomalies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daytwo.doors.simulator.plant.recipes import planted

if TYPE_CHECKING:
    from daytwo.doors.simulator.flow.batch import Batch
    from daytwo.doors.simulator.plant.chance import Draw
    from daytwo.doors.simulator.plant.machines import Unit
    from daytwo.doors.simulator.plant.recipes import Step, Target
    from daytwo.doors.simulator.plant.site import Site

WEAR = {"press_force": 0.04, "core_weight": 0.03}
"""Deviations by which a parameter drifts with each batch since the unit's maintenance."""


class Anomalies:
    """The planted anomalies; each begins with the first batch that starts after its moment."""

    def __init__(self, site: Site) -> None:
        """Place them in the period."""
        self._site = site
        self._entries = [
            entry | {"t": site.conditions.moment(entry["at"]), "seen": 0, "batch": ""}
            for entry in planted()["anomalies"]
        ]
        self._last: dict[tuple[str, str], float] = {}

    def apply(self, batch: Batch, name: str, target: Target, z: float) -> float:
        """Return the value of a batch's parameter with what is planted upon it."""
        key = (batch.product.code, name)
        value = target.mean + z * target.deviation
        for entry in self._entries:
            if (entry["product"], entry["parameter"]) == key and self._site.now >= entry["t"]:
                value = self._planted(entry, batch, value, target.deviation)
        value = min(max(round(value, target.places), 0), 10**9)
        self._last[key] = value
        return value

    def _planted(
        self, entry: dict[str, Any], batch: Batch, value: float, deviation: float
    ) -> float:
        again = entry["seen"] > 0 and entry["batch"] == batch.number
        entry["seen"] += not again
        entry["batch"] = batch.number
        if entry["seen"] == 1 and not again:
            self._site.truth["anomalies"].append(
                {
                    "id": entry["id"],
                    "kind": entry["kind"],
                    "product": entry["product"],
                    "parameter": entry["parameter"],
                    "onset_batch": batch.number,
                    "onset": self._site.now,
                    "size_deviations": entry.get("size"),
                    "slope_deviations_per_batch": entry.get("slope"),
                    "batches": {"shift": None, "outlier": 1}.get(
                        entry["kind"], entry.get("batches")
                    ),
                }
            )
        within = entry["seen"] <= entry.get("batches", 1)
        if entry["kind"] == "shift":
            return float(value + entry["size"] * deviation)
        if entry["kind"] == "drift" and within:
            return float(value + entry["slope"] * entry["seen"] * deviation)
        if entry["kind"] == "outlier" and within:
            return float(value + entry["size"] * deviation)
        if entry["kind"] == "frozen sensor" and within:
            return self._last.get((batch.product.code, entry["parameter"]), value)
        return value


def measure(site: Site, batch: Batch, step: Step, unit: Unit, draw: Draw) -> str:
    """Return the value that a step gives, as text; a parameter is also exported on its own."""
    target = step.target
    if target is None:
        return ""
    if not step.parameter:
        value = draw.normal(target.mean, target.deviation)
        return f"{max(value, 0):.{target.places}f}"
    name = step.parameter
    effect = sum(batch.quality.get(code, 0) * by for code, by in target.lots.items())
    z = site.chance.stream("parameter", batch.number, name).normal(effect, 1)
    z += WEAR.get(name, 0) * unit.wear
    value = site.anomalies.apply(batch, name, target, z)
    batch.values[name] = value
    text = f"{value:.{target.places}f}"
    site.add(
        "mes/parameters.csv",
        batch_no=batch.number,
        name=name,
        value=text,
        unit=target.unit,
        at=site.now,
    )
    return text
