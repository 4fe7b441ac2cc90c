"""Baselines and targets: frozen and set by signed acts, shown on tiles and charts, made again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from daytwo.insight.governance import queries
from daytwo.insight.kpis.definition import definition
from daytwo.record.ledger.reading import last_seq, stream_events
from tests.doors.web.conftest import perform, signed_in
from tests.insight.governance.history import WINTER, winter_and_spring

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

IT = {"kpi_id": "K1", "since": WINTER[0], "until": WINTER[1]}
NUMBER = "K1-baseline-1"
HOME = f"/baselines/{NUMBER}/"


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


@pytest.fixture
def lea_client(site: Path) -> Client:
    winter_and_spring()
    return signed_in("lea")


@pytest.fixture
def frozen(lea_client: Client) -> Client:
    assert perform(lea_client, "/baselines/freeze/", **IT).status_code == 302
    return lea_client


def test_who_may_look_and_who_may_freeze(frozen: Client, anyone: Client) -> None:
    for path in ("/baselines/", HOME, f"{HOME}again/", "/baselines/freeze/"):
        assert anyone.get(path).status_code == 302
        assert signed_in("ada").get(path).status_code == 403
        assert signed_in("lea").get(path).status_code == 200
    luis = signed_in("olga")
    assert luis.get(HOME).status_code == 200
    assert "To be reached" not in text(luis, HOME)
    assert luis.get("/baselines/freeze/").status_code == 403
    assert luis.post("/baselines/freeze/", IT).status_code == 403
    assert luis.post(f"{HOME}target/", {"target": "1"}).status_code == 403


def test_what_is_frozen_is_shown_before_it_is_signed(lea_client: Client) -> None:
    shown = lea_client.post("/baselines/freeze/", {"command_id": "command-1234", **IT})
    page = shown.content.decode()
    assert shown.status_code == 200
    for said in (
        "9.875",
        "Frozen as baseline",
        "95 % interval",
        "SHA-256",
        f"stands at event {last_seq()}",
        "Time zone",
    ):
        assert said in page
    assert not queries.all_frozen()


def test_wrong_password_freezes_nothing_and_keeps_the_entry(lea_client: Client) -> None:
    answer = perform(lea_client, "/baselines/freeze/", password="not mine at all", **IT)
    assert answer.status_code in {401, 403, 409, 422}
    assert WINTER[0] in answer.content.decode()
    assert not queries.all_frozen()


def test_frozen_by_signature_and_listed(frozen: Client) -> None:
    kinds = [event.type for event in stream_events(f"value/{NUMBER}")]
    assert kinds == [
        "value.hypothesis.stated",
        "access.signature.applied",
        "value.baseline.frozen",
    ]
    page = text(frozen, "/baselines/")
    assert "9.9\u202fd" in page
    assert "n 8" in page
    assert "none set" in page
    assert frozen.get("/baselines/?format=csv").content.decode().startswith("KPI,Of,From,To")


def test_second_baseline_has_a_number_of_its_own(frozen: Client) -> None:
    assert perform(frozen, "/baselines/freeze/", **IT).status_code == 302
    assert [b.initiative_id for b in queries.all_frozen()] == ["K1-baseline-2", NUMBER]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"until": "2025-01-01"}, "last day comes before"),
        ({"since": "winter"}, "is no day"),
        ({"since": "2020-01-01", "until": "2020-02-01"}, "Nothing counts"),
        ({"kpi_id": "K25", "product_code": "P"}, "cannot be narrowed to a product"),
    ],
)
def test_what_cannot_be_frozen_is_said(
    lea_client: Client, changed: dict[str, str], why: str
) -> None:
    answer = lea_client.post("/baselines/freeze/", {"command_id": "command-1234", **IT, **changed})
    assert answer.status_code in {409, 422}
    assert why in answer.content.decode()


def test_made_again_it_is_equal_although_the_record_went_on(frozen: Client) -> None:
    from datetime import UTC, datetime

    from tests.insight.governance.history import told

    told(datetime(2026, 2, 1, tzinfo=UTC), [3.0, 2.0], "late")
    page = text(frozen, f"{HOME}again/")
    assert "Equal: the events up to" in page
    assert "the same content as was signed" in page


def test_target_is_signed_and_shown_with_the_baseline(frozen: Client) -> None:
    given = {"target": "5", "due_on": "2099-12-31", "reason": "promised to the board"}
    refused = frozen.post(f"{HOME}target/", {"command_id": "command-1234", **given, "target": "x"})
    assert "must be a number" in refused.content.decode()
    assert perform(frozen, f"{HOME}target/", **given).status_code == 302
    assert stream_events(f"value/{NUMBER}")[-2].payload["meaning"] == "set as target"
    assert "31 Dec 2099" in text(frozen, HOME)
    tiles = text(frozen, "/leadership/?period=all")
    assert "Against the baseline 9.9\u202fd" in tiles
    assert "Target 5.0\u202fd by 31 Dec 2099" in tiles
    chart = text(frozen, "/leadership/charts/K1/?period=all")
    assert "baseline 9.9" in chart
    assert "target 5.0" in chart
    assert "target 5.0" in text(frozen, "/kpis/K1/charts/trend/?period=all")
    assert "Baseline and target" in text(frozen, "/kpis/K1/?period=all")


def test_other_product_or_line_has_no_baseline(frozen: Client) -> None:
    for query in ("product=P", "line=L1", "site=elsewhere"):
        assert "Against the baseline" not in text(frozen, f"/leadership/?period=all&{query}")


def test_withdrawn_it_counts_no_more(frozen: Client) -> None:
    form = {"command_id": "command-1234", "reason": "wrong period"}
    assert frozen.post(f"{HOME}withdraw/", form).status_code == 302
    assert "Against the baseline" not in text(frozen, "/leadership/?period=all")
    assert "withdrawn, counts no more" in text(frozen, "/baselines/")


def test_newer_definition_is_said_to_measure_otherwise(
    frozen: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from daytwo.insight.kpis import definition as definitions

    newer = replace(definition("K1"), version=definition("K1").version + 1)
    monkeypatch.setitem(definitions._REGISTRY, ("K1", newer.version), newer)
    assert "Measured otherwise now" in text(frozen, HOME)
    tile = text(frozen, "/leadership/?period=all")
    assert "measurement as well as performance" in tile
    assert "Against the baseline" not in tile


def test_form_begins_with_what_the_page_showed(frozen: Client) -> None:
    page = text(frozen, "/kpis/K1/?period=custom&from=2026-01-01&to=2026-01-31&product=P")
    link = re.search(r'href="(/baselines/freeze/[^"]+)"', page)
    assert link
    form = text(frozen, link[1].replace("&amp;", "&"))
    assert 'value="2026-01-01"' in form
    assert 'value="2026-01-31"' in form
    assert re.search(r'name="product_code"[^>]*value="P"', form)
    of_a_line = text(frozen, "/kpis/K1/?period=all&line=L1")
    assert "not for a line" in of_a_line
    assert "/baselines/freeze/" not in of_a_line
