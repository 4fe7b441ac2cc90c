"""What stands around every B2MML transaction: when it was made, and what it asks for."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from daytwo.doors.connectors.b2mml.xmlout import RELEASE
from daytwo.kernel.clock import now, stamp
from daytwo.kernel.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from daytwo.doors.connectors.b2mml.xmlout import Xml


@contextmanager
def transaction(xml: Xml, verb: str, noun: str) -> Iterator[None]:
    """Write a transaction around what is written inside.

    Args:
        xml: The document.
        verb: `Process`, `Sync` …
        noun: Such as `MaterialLot`.
    """
    with xml.element(f"{verb}{noun}", releaseID=RELEASE):
        with xml.element("ApplicationArea"):
            xml.leaf("CreationDateTime", stamp(now()))
            xml.leaf("BODID", new_id())
        with xml.element("DataArea"):
            xml.empty(verb)
            yield
