"""What an entry would bring up, said before it is signed; and where a refused one went wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from daytwo.kernel.errors import Refused
from daytwo.kernel.quantity import Quantity
from daytwo.record.batches import queries
from daytwo.record.batches.rules.entries import Known, evaluate, looks_back
from daytwo.record.recipes.document import EnterNumber, LineClearance, Weigh, Yield
from daytwo.record.recipes.enums import OnException

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from daytwo.doors.web.failures import Notice
    from daytwo.doors.web.step.reading import Sight
    from daytwo.record.batches.rules.discrepancies import Finding
    from daytwo.record.recipes.document import Step

_JUDGED = {EnterNumber: "value", Weigh: "net", Yield: "percent"}
"""The number of a result that the limits of a kind of step judge."""
_SCANNED = {"lot": "lot", "equipment": "equipment"}
"""Families of refusals that are about what was scanned, and the field that took it."""


@dataclass(frozen=True, slots=True)
class Brought:
    """One exception that signing the entry raises.

    Args:
        says: What is outside, with its limits.
        follows: What signing it then does to the batch.
        stops: Whether the work stops.
    """

    says: str
    follows: str
    stops: bool


@dataclass(frozen=True, slots=True)
class Outlook:
    """What an entry comes to if it is signed as it is."""

    value: Decimal | None = None
    brought: tuple[Brought, ...] = ()


def outlook(seen: Sight, entry: Mapping[str, str]) -> Outlook:
    """Return what the rules will find in an entry; the command judges it again when it is signed.

    References:
        21 CFR 211.110(c), EU GMP Chapter 4 4.20: who signs knows that a limit is exceeded.
    """
    knows = queries.known(seen.batch) if looks_back(seen.of) else Known(seen.batch.id, {}, {}, {})
    try:
        outcome = evaluate(seen.of, entry, knows)
    except Refused:
        return Outlook()
    name = _JUDGED.get(type(seen.of))
    text = outcome.result.get(name) if name else None
    return Outlook(
        Quantity.parse(text).value if text else None,
        tuple(_brought(seen.of, found) for found in outcome.findings),
    )


def _brought(of: Step, found: Finding) -> Brought:
    if not found.kind.blocking:
        follows = _("It is recorded as an exception; a supervisor answers it. The batch goes on.")
    elif of.on_exception is OnException.HOLD:
        follows = _("If you sign it, the batch is held and a supervisor must answer it.")
    else:
        follows = _("If you sign it, nothing goes on until a supervisor has answered it.")
    return Brought(found.description, follows, found.kind.blocking)


def refused_field(of: Step, notice: Notice | None) -> str:
    """Return the field of the step's form at which a refusal belongs, or an empty text."""
    if notice is None or notice.missing or notice.who:
        return ""
    named = notice.field or _SCANNED.get(notice.code.partition(".")[0], "")
    if named == "equipment" and isinstance(of, Weigh):
        named = "balance"
    return named if named in _fields(of) else ""


def _fields(of: Step) -> set[str]:
    """Return the names of the fields that the form of a step has."""
    if isinstance(of, LineClearance):
        return {f"item-{number}" for number in range(1, len(of.items) + 1)}
    if isinstance(of, Yield) and of.actual_step is not None:
        return set()
    return {"value", "lot", "balance", "tare", "gross", "container", "equipment"}
