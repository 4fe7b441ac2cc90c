"""What quality may and must do with a discrepancy: predicates over values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.kernel.errors import Refused
from daytwo.record.access.errors import SegregationRefused
from daytwo.record.quality.enums import DeviationClass, Route

if TYPE_CHECKING:
    from collections.abc import Collection

LONGEST_CATEGORY = 60
"""Characters of a category: the width of its column."""


def check_route(route: str, classification: str, severity: str) -> None:
    """Refuse a route that is unknown, or too light for the discrepancy.

    References:
        21 CFR 211.192; EU GMP Chapter 1 1.4(xiv), 8.16: deviations are classified by risk.
    """
    if route not in set(Route):
        raise Refused("quality.route", f"A discrepancy goes to: {', '.join(Route)}.")
    if route == Route.COMMENT and severity != "minor":
        raise Refused("quality.route_light", "Only a minor discrepancy can be a mere comment.")
    if route == Route.DEVIATION and classification not in set(DeviationClass):
        raise Refused("quality.class", f"A deviation is: {', '.join(DeviationClass)}.")


def check_rationale(text: str) -> None:
    """Refuse a judgement without its reason.

    References:
        21 CFR 211.192: the written record includes the conclusions.
    """
    if not text.strip():
        raise Refused("quality.rationale", "Give the reason; it is kept with the judgement.")


def check_category(text: str) -> None:
    """Refuse a cause without its category, and a category too long to be counted by.

    References:
        EU GMP Chapter 1 1.4(xiv); ICH Q10 3.2.2: causes are trended.
    """
    if not 0 < len(text.strip()) <= LONGEST_CATEGORY:
        raise Refused(
            "quality.category", f"Name the category of the cause in 1 to {LONGEST_CATEGORY} signs."
        )


def check_had_no_hand(person_id: str, doers: Collection[str], act: str) -> None:
    """Refuse that somebody judges a batch that he or she had a hand in.

    References:
        21 CFR 211.22(a), 211.192; 11.10(g): judged by others than those who did it.
    """
    if person_id in doers:
        raise SegregationRefused(
            "not_independent", f"{act} needs another person: you had a hand in this batch."
        )
