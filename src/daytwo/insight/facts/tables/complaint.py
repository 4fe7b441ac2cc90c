"""The complaint fact: one complaint about a product."""

from __future__ import annotations

from daytwo.insight.facts.declare import Fact, Inherited, moment, text
from daytwo.insight.facts.folds import by, first, once

_COMPLAINT = by("complaint_id")

FACT = Fact(
    name="complaint",
    grain="one complaint",
    key=text("complaint_id", "its number"),
    anchor=("received_us", "closed_us"),
    own=(
        *text("product_code", "the product; of the batch where the complaint names none"),
        *text("batch_id", "the batch"),
        *text("category", "kind of complaint"),
        *moment("received", "received"),
        *moment("closed", "answered"),
    ),
    folds={
        "quality.complaint.received": once(
            _COMPLAINT,
            "received",
            product_code="product_code",
            batch_id="batch_id",
            category="category",
        ),
        "quality.complaint.closed": first(_COMPLAINT, "closed"),
    },
    inherits=Inherited("batch", "batch_id", ("product_code",)),
)
