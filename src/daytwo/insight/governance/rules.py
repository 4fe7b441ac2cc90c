"""What may follow what for an initiative, when a change counts, and what a change is worth."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from daytwo.insight.governance.enums import InitiativeState as S
from daytwo.kernel.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Collection

TRANSITIONS: dict[S, frozenset[S]] = {
    S.STATED: frozenset({S.FROZEN, S.WITHDRAWN}),
    S.FROZEN: frozenset({S.LIVE, S.WITHDRAWN}),
    S.LIVE: frozenset({S.MEASURED, S.WITHDRAWN}),
    S.MEASURED: frozenset({S.MEASURED, S.SIGNED, S.WITHDRAWN}),
    S.SIGNED: frozenset(),
    S.WITHDRAWN: frozenset(),
}
DAYS_PER_YEAR = 365


def check_may(state: str, wanted: S) -> None:
    """Refuse what does not follow from the state that an initiative is in.

    References:
        ICH Q10 §4.1: objectives, measured and reviewed by management.
    """
    if wanted not in TRANSITIONS[S(state)]:
        raise Refused("value.state", f"The initiative is {state}: it cannot become {wanted} now.")


def check_number(name: str, text: str, *, needed: bool = True) -> None:
    """Refuse what is no decimal number.

    References:
        ISO 80000-1 §7.3: numbers are written with their sign, unit apart.
    """
    if not text and not needed:
        return
    try:
        finite = Decimal(text).is_finite()
    except InvalidOperation:
        finite = False
    if not finite:
        raise Refused("value.number", f"{name} must be a number, not {text!r}.")


def check_said(name: str, text: str) -> None:
    """Refuse an empty text where people must say something.

    References:
        ICH Q10 §2.2: responsibilities and reasons are documented.
    """
    if not text.strip():
        raise Refused("value.missing", f"Say the {name}.")


def check_told_apart(dimensions: Collection[str], **asked: str) -> None:
    """Refuse to narrow a KPI by what its subjects do not tell.

    Args:
        dimensions: By what the KPI's subjects can be told apart.
        **asked: Value by dimension; an empty one asks for nothing.

    References:
        ISO 22400-1 §4.3: the scope of a KPI is part of its definition.
    """
    for name, value in asked.items():
        if value and name not in dimensions:
            words = name.removesuffix("_code")
            raise Refused("value.scope", f"This KPI cannot be narrowed to a {words}.")


def change(before: float | None, after: float | None) -> float | None:
    """Return after minus before; None when one is unknown.

    References:
        ISO 22400-1 §4.3: a KPI is compared with itself only.
    """
    return None if before is None or after is None else after - before


def beyond_noise(before: tuple[float, float] | None, after: tuple[float, float] | None) -> bool:
    """Say whether two 95 % intervals lie apart: then a change is more than noise.

    Stricter than a test at 5 %, and so on purpose.

    References:
        Schenker & Gentleman, The American Statistician 55 (2001) 182.
    """
    if before is None or after is None:
        return False
    return before[1] < after[0] or after[1] < before[0]


def better(trend: str, moved: float | None) -> bool:
    """Say whether a KPI moved to the better side.

    Args:
        trend: Of the definition, such as `lower is better`.
        moved: After minus before.

    References:
        ISO 22400-1 §4.3: trend.
    """
    if moved is None:
        return False
    return {"lower": moved < 0, "higher": moved > 0}.get(trend.split(maxsplit=1)[0], False)


def check_proven(trend: str, moved: float | None, *, apart: bool, euros: Decimal) -> None:
    """Refuse to count what is not proven.

    References:
        ICH Q10 §4.1; kernel of honest benefit tracking: unproven is not counted.
    """
    if euros > 0 and not (apart and better(trend, moved)):
        raise Refused(
            "value.unproven",
            "The change is not beyond noise to the better side: nothing can be counted for it yet."
            " Measure a longer period.",
        )


def cash_cost_per_year(
    lots_per_year: float, lot_value_eur: float, cost_of_capital: float, days: float
) -> float:
    """Return what stock that waits costs in a year.

    Args:
        lots_per_year: Lots that wait.
        lot_value_eur: Value of one.
        cost_of_capital: A year, such as 0.08.
        days: How long each waits, or how much shorter.

    Returns:
        Euros a year; recurring.

    References:
        Brealey, Myers & Allen, Principles of Corporate Finance, on working capital.
    """
    return lots_per_year * lot_value_eur * cost_of_capital * days / DAYS_PER_YEAR


def stock_released(lots_per_year: float, lot_value_eur: float, days: float) -> float:
    """Return the stock that is freed once when lots wait shorter; never added to a yearly sum.

    Args:
        lots_per_year: Lots that wait.
        lot_value_eur: Value of one.
        days: How much shorter each waits.

    Returns:
        Euros, once.

    References:
        Little, Operations Research 9 (1961) 383.
    """
    return lots_per_year / DAYS_PER_YEAR * days * lot_value_eur
