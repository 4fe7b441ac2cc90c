"""Kaplan-Meier against published figures, scipy, and the closed problems of Volvo IT."""

from __future__ import annotations

import gzip
import json
from datetime import datetime
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from scipy import stats

from daytwo.insight.kpis.survival import kaplan_meier

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Remission of leukaemia under 6-mercaptopurine, weeks; Freireich et al., Blood 21 (1963) 699.
_WEEKS = (6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35)
_RELAPSED = (1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0)


def test_remission_times_of_freireich() -> None:
    found = kaplan_meier(_WEEKS, [bool(r) for r in _RELAPSED])
    assert found.times == (6, 7, 10, 13, 16, 22, 23)
    published = (0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448)
    assert found.share == pytest.approx(published, abs=6e-4)
    assert (found.median, found.interval) == (23, (16, None))  # as R's survfit prints


@pytest.mark.filterwarnings("ignore:The confidence interval is undefined")  # where none is left
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_share_and_limits_are_scipys(seed: int) -> None:
    rng = np.random.default_rng(seed)
    took, until = rng.exponential(10, 80).round(1), rng.exponential(15, 80).round(1)
    ended = took <= until
    data = stats.CensoredData.right_censored(np.minimum(took, until), ~ended)
    theirs = stats.ecdf(data).sf
    found = kaplan_meier(np.minimum(took, until).tolist(), ended.tolist())
    at = np.searchsorted(theirs.quantiles, found.times)
    share = theirs.probabilities[at]
    assert found.share == pytest.approx(share.tolist())
    linear = theirs.confidence_interval(method="linear").high.probabilities[at]
    usable = (linear < 1) & (share > 0)
    error = (linear - share)[usable] / share[usable]
    assert np.array(found.lower)[usable] == pytest.approx(share[usable] * np.exp(-error))
    upper = np.minimum(1, share[usable] * np.exp(error))
    assert np.array(found.upper)[usable] == pytest.approx(upper)


def test_weights_stand_for_so_many_subjects() -> None:
    many = kaplan_meier([1, 1, 2, 3, 3], [True, True, True, True, False])
    assert kaplan_meier([1, 2, 3, 3], [True, True, True, False], [2, 1, 1, 1]) == many


def test_nothing_ended_has_no_median() -> None:
    assert kaplan_meier([3.0, 4.0], [False, False]).median is None
    assert kaplan_meier([], []).median is None


def test_without_open_ones_it_is_the_plain_share() -> None:
    found = kaplan_meier([1, 2, 3, 4], [True] * 4)
    assert found.share == pytest.approx((0.75, 0.5, 0.25, 0))
    assert found.median == 2


def test_closed_problems_have_the_known_median(reference: Path) -> None:
    """BPI Challenge 2013, closed problems (Volvo IT; Steeman): time to the first Completed."""
    logs = reference / "eventlogs"
    expected = json.loads((logs / "expected_figures.json").read_text())["bpic2013_closed"]
    traces = list(_traces(logs / "06_bpic2013_closed.xes.gz"))
    assert len(traces) == expected["cases"]
    assert sum(map(len, traces)) == expected["events"]
    took, ended = [], []
    for events in traces:
        first = min(at for _, at in events)
        done = [at for name, at in events if name == "Completed"]
        last = min(done) if done else max(at for _, at in events)
        took.append((last - first).total_seconds() / 86_400)
        ended.append(bool(done))
    found = kaplan_meier(took, ended)
    assert found.median == pytest.approx(79.9, abs=0.05)
    assert found.interval == (pytest.approx(70.1, abs=0.05), pytest.approx(87.8, abs=0.05))


def _traces(path: Path) -> Iterator[list[tuple[str, datetime]]]:
    with gzip.open(path) as file:
        for _, element in ET.iterparse(file):
            if element.tag.endswith("}trace"):
                yield [_event(child) for child in element if child.tag.endswith("}event")]
                element.clear()


def _event(element: ET.Element) -> tuple[str, datetime]:
    said = {child.get("key"): child.get("value") for child in element}
    return str(said["concept:name"]), datetime.fromisoformat(str(said["time:timestamp"]))
