"""What is made and of what: products, their steps, parameters, tests and materials."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Target:
    """What a value should be: unit, mean and deviation of its natural spread, limits, places."""

    unit: str
    mean: float
    deviation: float
    places: int
    low: float
    high: float
    lots: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Test:
    """A laboratory test; `touch` in minutes of an analyst, `passes` in hours that go by."""

    code: str
    name: str
    target: Target
    touch: float
    passes: float
    chromatograph: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a master batch record, with its unit procedure (ISA-88).

    Attributes:
        minutes: Median time of an experienced operator.
        gap: Hours that the process needs before the step can be offered.
        interface: An interface can deliver the entry.
        material: Code, quantity and unit that are booked; empty code for none.
    """

    seq: int
    unit_procedure: str
    unit_class: str
    operation: str
    phase: str
    text: str
    kind: str
    criticality: str
    minutes: float
    gap: float
    witnessed: bool
    interface: bool
    device: bool
    automated: bool
    historian: bool
    target: Target | None
    parameter: str
    material: tuple[str, float, str]
    stage: str
    sample: str

    @property
    def number(self) -> str:
        """Return the number printed in the record."""
        return f"{self.seq * 10:04}"


@dataclass(frozen=True, slots=True)
class Product:
    code: str
    name: str
    strength: str
    line: str
    share: float
    size: int
    unit: str
    mbr: str
    theoretical: float
    parameters: Mapping[str, Target]
    tests: tuple[Test, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Material:
    code: str
    name: str
    unit: str
    lot_size: float
    suppliers: tuple[str, ...]
    potency: float


@dataclass(frozen=True, slots=True)
class Cause:
    """A root cause that is planted; `group` marks those that repeat."""

    id: str
    group: str
    category: str
    method: str
    process: str
    products: tuple[str, ...]
    weight: float
    titles: tuple[str, ...]
    seen: tuple[str, ...]
    done: tuple[str, ...]
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrases:
    """What people add to any text: asides, slips of the keyboard, a formula that came along."""

    asides: tuple[str, ...]
    typos: tuple[tuple[str, str], ...]
    injection: str


def _data(name: str) -> Any:
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    return yaml.safe_load(text)


@cache
def products() -> tuple[Product, ...]:
    """Return the products in the order of the file."""
    return tuple(_product(entry) for entry in _data("products.yaml")["products"])


@cache
def materials() -> Mapping[str, Material]:
    """Return the materials by code."""
    return {
        code: Material(code, name, unit, size, tuple(suppliers), potency)
        for code, (name, unit, size, suppliers, potency) in _data("products.yaml")[
            "materials"
        ].items()
    }


@cache
def causes() -> tuple[Cause, ...]:
    """Return the planted root causes."""
    return tuple(_cause(entry) for entry in _data("causes.yaml")["causes"])


@cache
def phrases() -> Phrases:
    """Return what may be added to any text."""
    data = _data("causes.yaml")
    typos = tuple((right, wrong) for right, wrong in data["typos"])
    return Phrases(tuple(data["asides"]), typos, data["injection"])


@cache
def planted() -> dict[str, Any]:
    """Return planted `improvements`, `anomalies`, `bad_lots` and the `open_hold`."""
    found: dict[str, Any] = _data("planted.yaml")
    return found


def _cause(entry: dict[str, Any]) -> Cause:
    fields: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()
    }
    return Cause(**fields)


def _product(entry: dict[str, Any]) -> Product:
    parameters = {name: Target(*values) for name, values in entry["parameters"].items()}
    tests = tuple(
        Test(
            code,
            name,
            Target(unit, mean, deviation, places, low, high, lots),
            touch,
            passes,
            bool(chromatograph),
        )
        for code, (
            name,
            unit,
            mean,
            deviation,
            places,
            low,
            high,
            touch,
            passes,
            chromatograph,
            lots,
        ) in entry["tests"].items()
    )
    plain = {key: v for key, v in entry.items() if key not in {"parameters", "tests", "steps"}}
    steps = tuple(_steps(entry["steps"], parameters))
    return Product(**plain, parameters=parameters, tests=tests, steps=steps)


def _steps(tree: dict[str, Any], parameters: Mapping[str, Target]) -> Iterator[Step]:
    rows = (
        (procedure, branch["class"], operation, *row)
        for procedure, branch in tree.items()
        for operation, steps in branch["operations"].items()
        for row in steps
    )
    for seq, (
        procedure,
        unit_class,
        operation,
        phase,
        text,
        kind,
        grade,
        minutes,
        more,
    ) in enumerate(rows, start=1):
        material = more.get("m", ("", 0.0, ""))
        yield Step(
            seq=seq,
            unit_procedure=procedure,
            unit_class=unit_class,
            operation=operation,
            phase=phase,
            text=text,
            kind=kind,
            criticality=grade,
            minutes=minutes,
            gap=more.get("g", 0),
            witnessed="w" in more,
            interface="i" in more,
            device="d" in more,
            automated="a" in more,
            historian="h" in more,
            target=parameters[more["p"]] if "p" in more else _target(more.get("v")),
            parameter=more.get("p", ""),
            material=(material[0], float(material[1]), material[2]),
            stage=more.get("y", ""),
            sample=more.get("s", ""),
        )


def _target(values: list[Any] | None) -> Target | None:
    if values is None:
        return None
    mean, deviation, low, high, unit, places = values
    return Target(unit, mean, deviation, places, low, high, {})
