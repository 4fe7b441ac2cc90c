"""The printed pack: the page's figures and words, in a PDF that is the same again."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from html import unescape
from io import BytesIO
from typing import TYPE_CHECKING

import pypdf
import pytest
from click.testing import CliRunner

from daytwo.config.cli import main
from daytwo.doors.web import filters
from daytwo.doors.web.leadership import pack, printing, reading, verb
from daytwo.insight.detection.board import CORE
from daytwo.insight.detection.change_points import Change
from daytwo.insight.detection.control import ControlChart, ControlPoint
from daytwo.insight.governance import commands as value
from daytwo.kernel.clock import now
from daytwo.record.batches.events import BatchImported, ManufactureEnded
from daytwo.record.ledger.append import Intent, Pending
from daytwo.record.ledger.door import transact
from daytwo.record.ledger.envelope import Actor, Origin
from daytwo.record.ledger.reading import one_event
from tests.doors.web.conftest import signed_in
from tests.insight.governance.history import WINTER, winter_and_spring

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Person

MOMENT = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)


def told(pdf: bytes) -> str:
    """Return a PDF's text with every kind of space made one, and no hyphen of a line's end."""
    pages = pypdf.PdfReader(BytesIO(pdf)).pages
    return plain(" ".join(page.extract_text() for page in pages))


def plain(text: str) -> str:
    return " ".join(text.replace("\u202f", " ").replace("\u00a0", " ").split())


@pytest.fixture
def goals(site: Path, lea: Person) -> Person:
    """Give a site of two seasons with a baseline and a target."""
    winter_and_spring()
    it = {"initiative_id": "V-1"}
    period = {"since": WINTER[0], "until": WINTER[1]}
    lea.does(value.freeze_baseline, **it, kpi_id="K1", title="Winter", **period)
    lea.does(value.set_target, **it, target="5", due_on="2099-12-31", reason="agreed")
    return lea


def made(**query: str) -> dict:
    asked = filters.read({"period": "all", **query})
    return pack.pack(reading.read(asked), asked, pack.Printing("Lea Roth", MOMENT))


def test_every_figure_of_the_page_is_in_the_pdf(goals: Person) -> None:
    client = signed_in("lea")
    answer = client.get("/leadership/pack.pdf?period=all")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith('attachment; filename="leadership-')
    said = told(answer.content)
    asked = filters.read({"period": "all"})
    board = reading.read(asked).value
    assert len(board.figures) == len(CORE)
    page = plain(unescape(client.get("/leadership/?period=all").content.decode()))
    from daytwo.doors.web import against

    for tile in reading.six(board, asked, against.frozen(asked)):
        texts = [tile.found.definition.name, tile.value or "unknown", tile.basis, tile.state]
        texts += [f"{d.name}: {d.text}" for d in tile.deltas]
        for text in texts:
            assert plain(text) in page, text
            assert plain(text) in said, text
    assert "Baseline 9.9 d · n 8 · 95 % 9.0–10.8" in said
    assert "Target 5.0 d by 31 Dec 2099" in said
    for one in board.lost:
        assert f"{one.days_per_year:.0f}" in said


def test_says_where_it_comes_from(goals: Person) -> None:
    said = told(printing.pdf(made(), MOMENT))
    stood = reading.read(filters.read({"period": "all"}))
    assert one_event(stood.seq).hash in said.replace(" ", "")
    assert "Printed by Lea Roth, 1 Jul 2026, 11:30:00 CEST (UTC+02:00)" in said
    assert "Page 1 of 4" in said
    assert "Europe/Zurich" in said
    assert said.count("definition version 1") >= len(CORE)


def test_same_snapshot_and_moment_give_the_same_bytes(goals: Person) -> None:
    data = made()
    first = printing.pdf(data, MOMENT)
    assert first == printing.pdf(json.loads(json.dumps(data)), MOMENT)
    assert first != printing.pdf(data, MOMENT + timedelta(days=1))
    xmp = pypdf.PdfReader(BytesIO(first)).xmp_metadata
    assert xmp is not None
    assert b"<pdfaid:part>2</pdfaid:part>" in first
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in first


@pytest.mark.parametrize("name", ["#panic()", "$x^2$ *bold* _it_", "<lab> @ref // `raw` [x] \\"])
def test_names_stay_names(goals: Person, name: str) -> None:
    """A product's or site's name with signs of the printing language is text and nothing else."""
    imported = BatchImported(batch_id="odd", product_code=name, product_name=name)
    ended = ManufactureEnded("odd")
    intent = Intent(
        "command-odd-1", "import.test", "", Actor("mes", "MES", "integrator"), Origin("import", "m")
    )
    at = now() - timedelta(days=2)
    transact(
        intent,
        lambda: [
            Pending("batch/odd", imported, occurred_at=at),
            Pending("batch/odd", ended, occurred_at=at),
        ],
    )
    said = told(printing.pdf(made(product=name), MOMENT))
    assert plain(name) in said


def test_empty_site_is_unknown_in_print_as_well(site: Path) -> None:
    said = told(printing.pdf(made(), MOMENT))
    assert said.count("unknown: nothing counts in this period") == len(CORE)
    assert "no baseline is frozen" in said
    assert "Nothing to draw yet" in said


def test_only_who_may_see_figures_prints(goals: Person) -> None:
    assert signed_in("ada").get("/leadership/pack.pdf").status_code == 403
    assert (
        "/leadership/pack.pdf?period=all"
        in signed_in("lea").get("/leadership/?period=all").content.decode()
    )


def test_command_line_prints_the_same(
    goals: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verb, "open_site", lambda data: data)
    moment = f"{now() + timedelta(minutes=1):%Y-%m-%dT%H:%M:%S}"
    outs = [tmp_path / name for name in ("a.pdf", "b.pdf")]
    for out in outs:
        words = ["kpi", "pack", "--out", str(out), "--period", "all", "--at", moment, "--json"]
        found = CliRunner().invoke(main, words)
        assert found.exit_code == 0, found.output
        assert json.loads(found.output)["bytes"] == out.stat().st_size
    assert outs[0].read_bytes() == outs[1].read_bytes()
    assert "Printed by daytwo kpi pack" in told(outs[0].read_bytes())
    wrong = CliRunner().invoke(main, ["kpi", "pack", "--out", str(outs[0]), "--period", "5w"])
    assert wrong.exit_code == 1
    assert "no such period" in wrong.output


def test_sentence_says_what_stands_out_and_what_moved() -> None:
    def point(label: str, flags: tuple[str, ...] = ()) -> ControlPoint:
        return ControlPoint(label, 0, 5.0, 8, 1.0, 9.0, flags)

    calm = ControlChart("XmR", 5.0, (point("2026-01"),), (), "")
    assert pack.sentence(calm, "month") == (
        "Of 1 month with a value none stands out. No change of its level is shown."
    )
    points = (point("2026-W01"), point("2026-W02", ("nelson-1",)))
    moved = ControlChart("XmR", 5.0, points, (_change(1),), "")
    assert pack.sentence(moved, "week") == (
        "Of 2 weeks with a value 1 stands out: week 2 of 2026."
        " The level changed in week 2 of 2026, from 9.0 to 4.0."
    )


def _change(index: int) -> Change:
    from dataclasses import fields

    given = {"index": index, "before": 9.0, "after": 4.0}
    return Change(**{f.name: given.get(f.name, 0) for f in fields(Change)})
