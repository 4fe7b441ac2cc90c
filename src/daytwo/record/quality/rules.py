"""What quality may and must do with a discrepancy: predicates over values."""

from __future__ import annotations

from daytwo.kernel.errors import Refused
from daytwo.record.quality.enums import DeviationClass, Route


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
