"""What is read at the moment somebody asks: the ledger's place, and how far the figures are."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Count, Q, Sum
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from daytwo import __version__
from daytwo.insight.facts.follow import folder
from daytwo.insight.facts.storage.store import Store
from daytwo.record.access.models import Alert
from daytwo.record.ledger.models import ImportRun
from daytwo.record.ledger.reading import last_seq
from daytwo.record.ledger.writer import waiting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client.core import Metric

_ROWS = ("read", "made", "already", "passed_over", "rows_set_aside")


class Readings(Collector):
    """The record's own figures; the same from every process, for each reads the database."""

    def collect(self) -> Iterator[Metric]:
        """Read them now."""
        last, manifest = last_seq(), Store(folder()).manifest()
        about = GaugeMetricFamily(
            "daytwo_build",
            "Version of the software and name of the site.",
            None,
            ("version", "site"),
        )
        about.add_metric((__version__, settings.SITE_NAME), 1)
        yield about
        yield GaugeMetricFamily("daytwo_ledger_seq", "Number of the last event.", last)
        yield GaugeMetricFamily(
            "daytwo_writer_waiting", "Writes that wait for the writer of this process.", waiting()
        )
        yield GaugeMetricFamily(
            "daytwo_facts_behind_events",
            "Events that are in no file of the facts yet; answers hold them all the same.",
            max(last - manifest.seq, 0),
        )
        if manifest.written_at:
            yield GaugeMetricFamily(
                "daytwo_facts_written_timestamp_seconds",
                "When the files of the facts were last written.",
                datetime.fromisoformat(manifest.written_at).timestamp(),
            )
        yield from _alerts()
        yield from _imports()


def _alerts() -> Iterator[Metric]:
    found = GaugeMetricFamily("daytwo_alerts_open", "Alerts nobody dealt with.", None, ("kind",))
    rows = Alert.objects.values("kind").annotate(n=Count("pk", filter=Q(open=True)))
    for row in rows.order_by("kind"):
        found.add_metric((row["kind"],), row["n"])
    yield found


def _imports() -> Iterator[Metric]:
    sums = {name: Sum(name, default=0) for name in _ROWS}
    found = ImportRun.objects.aggregate(runs=Count("pk"), **sums)
    yield CounterMetricFamily("daytwo_import_runs", "Imports that ended.", found.pop("runs"))
    rows = CounterMetricFamily(
        "daytwo_import_rows",
        "Rows of imports that ended, by what became of them.",
        None,
        ("became",),
    )
    for name in _ROWS:
        rows.add_metric((name,), found[name])
    yield rows
