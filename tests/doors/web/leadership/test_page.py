"""What is shown of a board once for all: nobody sees what is another's."""

from __future__ import annotations

from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING

import pytest
from django.utils import translation

from daytwo.doors.web import against, filters
from daytwo.doors.web.leadership import page, reading
from daytwo.insight.kpis import standing
from tests.doors.web.conftest import perform, signed_in
from tests.insight.governance.history import WINTER, winter_and_spring

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

SPAN = {"from": "2026-01-01", "to": "2026-06-30"}


@pytest.fixture
def lea(site: Path) -> Client:
    winter_and_spring()
    return signed_in("lea")


def board(client: Client, **asked: str) -> str:
    answer = client.get("/leadership/live/", asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_same_figures_asked_for_otherwise_lead_on_in_the_words_they_were_asked_in(
    lea: Client,
) -> None:
    usual = filters.read({})
    assert usual.since is not None
    same = {"period": "custom", "from": usual.since.isoformat()}
    assert reading.read(usual).value is reading.read(filters.read(same)).value
    assert "period=custom" not in board(lea)
    assert f"period=custom&amp;from={same['from']}" in board(lea, **same)


def test_baseline_is_shown_at_once_although_the_board_is_that_of_before(
    lea: Client,
) -> None:
    asked = {"period": "custom", **SPAN}
    before, chart = board(lea, **asked), lea.get("/leadership/charts/K1/", asked).content
    for entry in standing._entries.values():
        entry.rested_at = monotonic() + 600
    frozen = perform(lea, "/baselines/freeze/", kpi_id="K1", since=WINTER[0], until=WINTER[1])
    assert frozen.status_code == 302
    after = board(lea, **asked)
    assert "Against the baseline" not in before
    assert "Against the baseline" in after
    assert b"baseline" not in chart
    assert b"baseline" in lea.get("/leadership/charts/K1/", asked).content


def test_who_reads_in_another_language_reads_in_that(lea: Client) -> None:
    asked = filters.read({"period": "custom", **SPAN})
    stood, frozen = reading.read(asked), against.frozen(asked)
    english = page.shown(asked, stood, frozen)
    with translation.override("de"):
        german = page.shown(asked, stood, frozen)
    assert german is not english
    assert page.shown(asked, stood, frozen) is english


def test_state_that_is_behind_says_so(lea: Client) -> None:
    asked = filters.read({"period": "custom", **SPAN})
    stood, frozen = reading.read(asked), against.frozen(asked)
    fresh = page.shown(asked, stood, frozen)
    behind = page.shown(asked, replace(stood, last_seq=stood.seq + 1), frozen)
    assert behind != fresh
    assert page.shown(asked, stood, frozen) is fresh
