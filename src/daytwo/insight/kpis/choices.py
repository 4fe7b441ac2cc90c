"""What a figure can be narrowed to: the sites, products and lines that have batches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from daytwo.insight.kpis.standing import standing

if TYPE_CHECKING:
    from daytwo.insight.kpis.subjects import Engine, Facts


@dataclass(frozen=True, slots=True)
class Choices:
    """What a reader can choose from, each (code, words), the words empty where there are none.

    Attributes:
        site: Sites.
        product: Products with their names.
        line: Lines.
    """

    site: tuple[tuple[str, str], ...]
    product: tuple[tuple[str, str], ...]
    line: tuple[tuple[str, str], ...]


def choices(engine: Engine) -> Choices:
    """Return what the batches on record can be told apart by."""
    b = engine.table("batch")
    rows = engine.rows(b.select("site", "product_code", "product_name", "line").distinct())
    names = {row["product_code"]: row["product_name"] or "" for row in rows}

    def found(name: str) -> tuple[tuple[str, str], ...]:
        return tuple((code, "") for code in sorted({row[name] for row in rows} - {None, ""}))

    products = tuple((code, names[code]) for code in sorted(set(names) - {None, ""}))
    return Choices(found("site"), products, found("line"))


def current_choices() -> Choices:
    """Return the choices of the record as it is, or as it was a moment before."""
    return standing(_of).value


def _of(facts: Facts) -> Choices:
    return choices(facts.engine)
