"""A frozen figure made again: from the events that were there when it was frozen, and no others."""

from __future__ import annotations

import tempfile
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection

from daytwo.insight.governance.queries import figure, figure_content, initiative, written
from daytwo.insight.kpis.calendar import us
from daytwo.insight.kpis.subjects import Facts
from daytwo.kernel.canonical import digest
from daytwo.kernel.clock import instant
from daytwo.kernel.errors import Refused
from daytwo.record.access.queries import signatures

if TYPE_CHECKING:
    from daytwo.insight.governance.queries import Baseline, Figure

_one_at_a_time = threading.Lock()
"""It costs seconds of a processor; two who ask wait for one another."""


@dataclass(frozen=True, slots=True)
class Again:
    """A frozen figure beside what its snapshot gives today.

    Attributes:
        frozen: As it was signed.
        made: The same from the events up to the snapshot, by the same version of the definition.
        signed: Whether its content is, byte for byte, what the signature was given for.
    """

    frozen: Baseline
    made: Figure
    signed: bool

    @property
    def equal(self) -> bool:
        """Whether value, interval, n and every subject are the same."""
        value, frozen = self.made.value, self.frozen
        return (
            value.n == frozen.n
            and self.made.subjects_sha256 == frozen.subjects_sha256
            and _numbers(value.value, value.interval) == _numbers(frozen.value, frozen.interval)
        )


def again(frozen: Baseline) -> Again:
    """Return a baseline made again; once for each, since its snapshot does not move."""
    with _one_at_a_time:
        return _kept(str(connection.settings_dict["NAME"]), frozen)


@lru_cache(maxsize=64)
def _kept(ledger: str, frozen: Baseline) -> Again:  # noqa: ARG001 - one process, many ledgers
    return make_again(frozen)


def _numbers(value: float | None, interval: tuple[float, float] | None) -> list[str]:
    return [written(value), *map(written, interval or ())]


def make_again(frozen: Baseline) -> Again:
    """Fold the ledger up to a baseline's snapshot into facts of their own, and ask these.

    The facts at hand are not touched. Costs as much as a rebuild of them up to there.

    References:
        EU GMP Annex 11 (2011) §7.1, §8: data stay available and readable; ALCOA+: enduring.
    """
    from daytwo.insight.facts.engine.duck import DuckDB, DuckEngine  # noqa: PLC0415 - loads it
    from daytwo.insight.facts.follow import Follower  # noqa: PLC0415 - likewise
    from daytwo.insight.facts.snapshot import Snapshot  # noqa: PLC0415 - likewise
    from daytwo.insight.facts.storage.store import Store  # noqa: PLC0415 - likewise

    if not frozen.ledger_seq:
        raise Refused("value.no_snapshot", "This baseline names no place in the ledger.")
    with tempfile.TemporaryDirectory(prefix="daytwo-snapshot-") as folder:
        follower = Follower(Store(Path(folder)), settings.SITE_NAME)
        follower.rebuild(until=frozen.ledger_seq)
        then = Snapshot(follower.store, follower.cache, follower.seq)
        facts = Facts(
            DuckEngine(DuckDB(Path(folder)), then.sources),
            us(instant(frozen.frozen_at)),
            settings.SITE_TIME_ZONE,
            frozen.ledger_seq,
        )
        made = figure(
            frozen.kpi_id,
            frozen.kpi_version,
            since=frozen.since,
            until=frozen.until,
            site=frozen.site,
            product_code=frozen.product_code,
            facts=facts,
        )
    content = figure_content(initiative(frozen.initiative_id), made, frozen.since, frozen.until)
    given = signatures(f"value/{frozen.initiative_id}", {"baseline": digest(content)})
    signed = any(s.subject == "baseline" and s.state == "valid" for s in given)
    return Again(frozen, made, signed)
