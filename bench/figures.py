"""Figures: what was measured, beside what, against which budget; as a table and as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NOT_BUILT = "not yet built"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table.

    Attributes:
        group: Which measurement it belongs to.
        work: What was done.
        value: Our figure; None where there is nothing to measure yet.
        unit: Of `value` and `beside`.
        beside_what: What ran side by side; empty for none.
        beside: Its figure in the same unit.
        ratio: Ours to theirs (rates), or as `budget` says.
        budget: What performance.md asks; empty where it is context.
        met: Whether the budget holds; None for context.
    """

    group: str
    work: str
    value: float | None
    unit: str
    beside_what: str = ""
    beside: float | None = None
    ratio: float | None = None
    budget: str = ""
    met: bool | None = None


def rate_beside(
    group: str,
    work: str,
    ours: float,
    unit: str,
    *,
    beside_what: str,
    beside: float,
    least: float | None = None,
) -> Figure:
    """Return a figure of a rate beside another; `least` is the smallest ratio that will do."""
    ratio = ours / beside
    budget = "" if least is None else f">= {least:.2f} x"
    met = None if least is None else ratio >= least
    return Figure(group, work, ours, unit, beside_what, beside, ratio, budget, met)


def at_most(group: str, work: str, value: float, unit: str, most: float) -> Figure:
    """Return a figure that must not be over a bound."""
    return Figure(group, work, value, unit, budget=f"<= {most:g} {unit}", met=value <= most)


def at_least(group: str, work: str, value: float, unit: str, least: float) -> Figure:
    """Return a figure that must not be under a bound."""
    return Figure(group, work, value, unit, budget=f">= {least:g} {unit}", met=value >= least)


def context(group: str, work: str, value: float, unit: str) -> Figure:
    """Return a figure that is said for orientation only."""
    return Figure(group, work, value, unit)


def not_built(work: str) -> Figure:
    """Return the line of a budget whose subject does not exist yet."""
    return Figure(NOT_BUILT, work, None, "", budget="later")


def table(figures: Iterable[Figure]) -> str:
    """Return the figures as text in columns, a heading for each group."""
    lines: list[Sequence[str]] = []
    group = ""
    for figure in figures:
        if figure.group != group:
            group = figure.group
            lines += [("",), (group.upper(),)]
        lines.append(_cells(figure))
    heads = ("", "ours", "beside", "ratio", "budget", "met")
    widths = [
        max(len(line[n]) for line in [heads, *(li for li in lines if len(li) == len(heads))])
        for n in range(len(heads))
    ]
    text = []
    for line in [heads, *lines]:
        cells = (
            cell.ljust(width) if n in {0, 4} else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(line, widths, strict=False))
        )
        text.append("  ".join(cells).rstrip())
    return "\n".join(text)


def as_json(figures: Iterable[Figure]) -> list[dict[str, object]]:
    """Return the figures as plain JSON, four significant digits."""
    return [
        {
            name: float(f"{value:.4g}") if isinstance(value, float) else value
            for name, value in asdict(figure).items()
        }
        for figure in figures
    ]


def _cells(figure: Figure) -> tuple[str, ...]:
    beside = ""
    if figure.beside is not None:
        beside = f"{_number(figure.beside)} {figure.beside_what}"
    value = "-" if figure.value is None else f"{_number(figure.value)} {figure.unit}"
    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
    met = {True: "yes", False: "NO", None: ""}[figure.met]
    return (f"  {figure.work}", value, beside, ratio, figure.budget, met)


def _number(value: float) -> str:
    if abs(value) >= 1000:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.3g}"
