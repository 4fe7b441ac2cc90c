"""The change fact: one change under control, from the wish to its closure."""

from __future__ import annotations

from daytwo.insight.facts.declare import Fact, moment, text, whole
from daytwo.insight.facts.folds import by, first, once

_CHANGE = by("change_id")

FACT = Fact(
    name="change",
    grain="one change",
    key=text("change_id", "its number"),
    anchor=("opened_us", "approved_us", "implemented_us", "closed_us"),
    own=(
        *text("title", "in a line"),
        *text("kind", "what is changed, such as mbr, equipment, method"),
        *text("mbr_id", "the master batch record that it leads to"),
        *whole("mbr_version", "its version"),
        *moment("opened", "asked for"),
        *moment("approved", "may be made"),
        *moment("implemented", "works from now on"),
        *moment("closed", "nothing left to do"),
    ),
    folds={
        "quality.change.opened": once(
            _CHANGE,
            "opened",
            title="title",
            kind="kind",
            mbr_id="mbr_id",
            mbr_version="mbr_version",
        ),
        "quality.change.approved": first(_CHANGE, "approved"),
        "quality.change.implemented": first(_CHANGE, "implemented"),
        "quality.change.closed": first(_CHANGE, "closed"),
    },
)
