"""The MBR change fact: one version of a master batch record, from the wish to its first use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daytwo.insight.facts.declare import Fact, Fold, count, moment, text, whole
from daytwo.insight.facts.folds import by, earliest, first, last, more, once

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from daytwo.insight.facts.declare import Changes, Key
    from daytwo.insight.facts.happening import Happening

_VERSION = by("mbr_id", "version")


def _submitted(row: Mapping[str, Any], it: Happening) -> Changes:
    rounds = max(row["rounds"], int(it.get("approval_round") or 1))
    return {**earliest(row, "submitted", it), "rounds": rounds}


def _used(it: Happening) -> Iterable[Key]:
    """Return the version by which a batch that begins is made."""
    batch = it.row("batch", it.get("batch_id"))
    if batch is None or not batch["mbr_id"] or not batch["mbr_version"]:
        return ()
    return ((batch["mbr_id"], batch["mbr_version"]),)


FACT = Fact(
    name="mbr_change",
    grain="one version of a master batch record",
    key=(*text("mbr_id", "the master batch record"), *whole("version", "its version")),
    anchor=("requested_us", "drafted_us", "submitted_us", "effective_us"),
    after=("batch",),
    own=(
        *text("product_code", "of the product"),
        *text("change_id", "the change that asks for it"),
        *moment("requested", "asked for", seq=True),
        *moment("drafted", "first draft"),
        *moment("submitted", "first submitted"),
        *count("returned", "times sent back"),
        *count("rounds", "rounds of approval"),
        *moment("approved", "last approval"),
        *moment("validated", "tried out"),
        *moment("trained", "those who work by it were trained"),
        *moment("effective", "may be issued", seq=True),
        *moment("first_used", "first batch begun by it", seq=True),
        *moment("superseded", "a later version took its place"),
        *moment("retired", "not used any more"),
    ),
    folds={
        "mbr.requested": once(
            _VERSION, "requested", product_code="product_code", change_id="change_id"
        ),
        "mbr.drafted": first(_VERSION, "drafted"),
        "mbr.submitted": Fold(_VERSION, _submitted),
        "mbr.returned": Fold(_VERSION, lambda row, _it: more(row, "returned")),
        "mbr.approved": last(_VERSION, "approved"),
        "mbr.validated": first(_VERSION, "validated"),
        "mbr.trained": last(_VERSION, "trained"),
        "mbr.effective": first(_VERSION, "effective"),
        "mbr.first_used": first(_VERSION, "first_used"),
        "batch.started": first(_used, "first_used"),
        "mbr.superseded": first(_VERSION, "superseded"),
        "mbr.retired": first(_VERSION, "retired"),
    },
    born=frozenset({"mbr.requested", "mbr.drafted", "mbr.submitted", "mbr.effective"}),
)
