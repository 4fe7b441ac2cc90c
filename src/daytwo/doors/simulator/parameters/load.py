"""Parameters read from the shipped file and a file of changes; every fault is told at once."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from importlib import resources
from math import isfinite
from typing import TYPE_CHECKING, Any, get_type_hints

import yaml

from daytwo.doors.simulator.parameters.shape import Parameters
from daytwo.kernel.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

SECTIONS = tuple(
    field.name for field in fields(Parameters) if field.name not in {"seed", "start", "time_zone"}
)
LARGEST_SEED = 2**63 - 1


@cache
def shipped() -> dict[str, dict[str, dict[str, Any]]]:
    """Return the shipped figures: section, name, then `value`, `unit`, `low`, `high`, `source`."""
    text = resources.files(__package__).joinpath("parameters.yaml").read_text(encoding="utf-8")
    found: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load(text)
    return found


def load(
    seed: int = 1,
    changes: Path | None = None,
    figures: Mapping[str, Mapping[str, object]] | None = None,
) -> Parameters:
    """Return the parameters of a plant.

    Args:
        seed: Of all chance, 0 or more.
        changes: YAML file of sections with the figures that differ from the shipped ones.
        figures: The same as values; they win over the file.

    Raises:
        Refused: `simulator.parameters` naming every unknown, unreadable or implausible figure.
    """
    given: dict[str, Any] = dict(_read(changes) if changes else {})
    faults = list(_misplaced(given))
    merged = {name: dict(given.get(name) or {}) for name in SECTIONS if name not in _no(given)}
    for section, values in (figures or {}).items():
        merged.setdefault(section, {}).update(values)
    if not 0 <= seed <= LARGEST_SEED:
        faults.append(f"seed is {seed}; it is a whole number from 0 to {LARGEST_SEED}")
    sections = {name: _section(name, merged.get(name, {}), faults) for name in SECTIONS}
    if faults:
        listed = "; ".join(faults)
        raise Refused(
            "simulator.parameters", f"The parameters do not hold: {listed}.", {"faults": faults}
        )
    hints = get_type_hints(Parameters)
    return Parameters(seed=seed, **{name: hints[name](**sections[name]) for name in SECTIONS})


def table() -> str:
    """Return all figures with their sources as a Markdown table, as the docs show it."""
    lines = ["| Figure | Value | Unit | Range | Source |", "|---|---|---|---|---|"]
    for section, figures in shipped().items():
        lines += [
            f"| `{section}.{name}` | {f['value']} | {f['unit']} | {f['low']} to {f['high']}"
            f" | {f['source']} |"
            for name, f in figures.items()
        ]
    return "\n".join(lines)


def _read(path: Path) -> dict[str, Any]:
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise Refused(
            "simulator.parameters", f"The file of parameters cannot be read: {error}."
        ) from error
    if not isinstance(found, dict):
        raise Refused(
            "simulator.parameters",
            f"The file of parameters {path.name} holds no sections; write for instance"
            " `review: {qa_minutes: 480}`.",
        )
    return found


def _no(given: Mapping[str, Any]) -> set[str]:
    """Return the sections that hold no figures."""
    return {name for name, values in given.items() if not isinstance(values, dict)}


def _misplaced(given: Mapping[str, Any]) -> Iterator[str]:
    for name in given:
        if name not in SECTIONS:
            yield f"there is no section {name!r} (there are {', '.join(SECTIONS)})"
        elif name in _no(given):
            yield f"the section {name!r} holds no figures"


def _section(name: str, changed: Mapping[str, object], faults: list[str]) -> dict[str, float]:
    known = shipped()[name]
    faults += [f"there is no figure {name}.{key}" for key in changed if key not in known]
    whole = {
        field.name
        for field in fields(get_type_hints(Parameters)[name])
        if field.type in {"int", int}
    }
    return {
        key: _figure(
            f"{name}.{key}", changed.get(key, figure["value"]), figure, faults, key in whole
        )
        for key, figure in known.items()
    }


def _figure(
    name: str,
    value: object,
    figure: Mapping[str, Any],
    faults: list[str],
    whole: bool,  # noqa: FBT001 - a private reader of one figure
) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        faults.append(f"{name} is {value!r}, which is no number")
        return 0
    if not figure["low"] <= value <= figure["high"]:
        faults.append(
            f"{name} is {value}; it lies from {figure['low']} to {figure['high']} {figure['unit']}"
        )
    if whole and value != int(value):
        faults.append(f"{name} is {value}; it is a whole number")
    return int(value) if whole else float(value)
