"""From the pack's data to a PDF/A-2b: the same data and moment give the same bytes."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

STANDARD = "a-2b"
"""For long keeping (ISO 19005-2): fonts inside, no link to anything outside."""


def pdf(pack: dict[str, Any], moment: datetime) -> bytes:
    """Return the pack as PDF.

    Args:
        pack: Of `pack.pack`; its texts are set as they are, whatever signs are in them.
        moment: The document's date.
    """
    made: bytes = _compiled(pack, "pdf", moment, pdf_standards=[STANDARD])
    return made


def pictures(pack: dict[str, Any], moment: datetime, ppi: int = 80) -> list[bytes]:
    """Return each page as a PNG, to be looked at."""
    made = _compiled(pack, "png", moment, ppi=ppi)
    return made if isinstance(made, list) else [made]


def _compiled(pack: dict[str, Any], kind: str, moment: datetime, **more: Any) -> Any:
    import typst  # noqa: PLC0415 - 60 MB of engine, only for who prints

    return typst.compile(
        _template(),
        format=kind,
        sys_inputs={"pack": json.dumps(pack, sort_keys=True)},
        ignore_system_fonts=True,
        timestamp=int(moment.timestamp()),
        **more,
    )


@cache
def _template() -> bytes:
    return resources.files(__package__ or "").joinpath("pack.typ").read_bytes()
