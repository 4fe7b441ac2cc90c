"""KPIs of the catalogue that the facts cannot carry yet, each with what is missing."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

NOT_YET: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "K4": (
            "Audit-trail review, time and coverage",
            "No event says that somebody read the audit trail of a batch, or for how long.",
        ),
        "K5": (
            "Review-by-exception rate",
            (
                "No master batch record says that it is approved for review by exception, and"
                " no event says by which path a lot was released."
            ),
        ),
        "K13 from K12's signal, with a test": (
            "CAPA effectiveness with its uncertainty",
            (
                "K13repeat says whether the cause came back; a rare cause stays away by chance, and"
                " there is no rate before the action to test against."
            ),
        ),
        "K24 quantities and capability": (
            "Other ISO 22400-2 figures for batch",
            (
                "Good and lost quantities are not in the facts, only lots and units distributed;"
                " Cp and Cpk belong to the process monitor; rework and scrap are 1 - K7b and"
                " 1 - K16ispe."
            ),
        ),
        "K29 of functions": (
            "Functions used by functions available",
            "No list of the functions that were licensed or configured is imported.",
        ),
        "K31 in hours": (
            "Hours on paper",
            "Start and end of a fallback are events; which areas stood still is not among them.",
        ),
        "K34 active users": (
            "Active users by licensed ones",
            "No event tells how many users are licensed.",
        ),
        "K36": ("Product quality reviews on time", "No event tells of a product quality review."),
    }
)
"""By id: name, and why it is left out. What is not here and not defined is forgotten: a test."""
