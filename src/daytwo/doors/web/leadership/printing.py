"""From the pack's data to a PDF: the same data and moment give the same bytes.

It is PDF/A-2b, for long keeping (ISO 19005-2): fonts inside, nothing fetched from outside.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime


def pdf(pack: dict[str, Any], moment: datetime) -> bytes:
    """Return the pack as PDF.

    Args:
        pack: Of `pack.pack`; its texts are set as they are, whatever signs are in them.
        moment: The document's date.
    """
    import typst  # noqa: PLC0415 - 80 MB of engine, only for who prints

    return typst.compile(
        _template(),
        format="pdf",
        pdf_standards=["a-2b"],
        sys_inputs={"pack": json.dumps(pack, sort_keys=True)},
        ignore_system_fonts=True,
        timestamp=int(moment.timestamp()),
    )


@cache
def _template() -> bytes:
    return resources.files(__package__ or "").joinpath("pack.typ").read_bytes()
