"""Three simulated plants, imported as any customer's exports: every row accounted for, exactly."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from daytwo.doors.connectors.run import run_import
from daytwo.doors.connectors.verb import mapping_file
from daytwo.doors.simulator.parameters.load import load
from daytwo.doors.simulator.simulate import simulate
from daytwo.record.batches.models import Batch
from daytwo.record.ledger.envelope import Actor
from daytwo.record.ledger.reading import events, last_seq
from daytwo.record.ledger.rebuild import compare
from daytwo.record.ledger.verify import verify
from daytwo.record.quality.models import Deviation

IVO = Actor("ivo", "Ivo Kunz", "integrator")
SYSTEMS = ("mes", "erp", "lims", "qms", "hr", "historian")
SEEDS = (1, 2, 3)
pytestmark = pytest.mark.usefixtures("site")


@cache
def plant(seed: int) -> tuple[Path, dict[str, Any]]:
    """Simulate a plant once for all tests of this file."""
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix=f"daytwo-plant-{seed}-"))
    outcome = simulate(load(seed, None, {"plant": {"years": 0.2}}), folder)
    return folder, json.loads(json.dumps(outcome.answers, default=str))


def bring(seed: int, *systems: str) -> dict[str, dict[str, Any]]:
    folder, _ = plant(seed)
    return {s: run_import(mapping_file(f"plant-{s}"), folder, IVO) for s in systems or SYSTEMS}


@pytest.mark.requirement("R42")
@pytest.mark.parametrize("seed", SEEDS)
def test_every_row_is_accounted_for_and_what_is_set_aside_is_the_planted_dirt(
    seed: int, site: Path
) -> None:
    _, truth = plant(seed)
    found = bring(seed)
    read = Counter[str]()
    for told in found.values():
        parts = (told["made"], told["already"], told["passed_over"], told["rows_set_aside"])
        assert told["read"] == sum(parts)
        read.update({f["name"]: f["lines"] for f in told["files"]})
    counts = {name: n for name, n in truth["counts"].items() if n["rows"] and "/" in name}
    assert sum(told["read"] for told in found.values()) == sum(n["rows"] for n in counts.values())
    told = {(r["file"], r["row"]) for f in found.values() for r in f["set_aside"]}
    assert told == {(d["file"], d["row"]) for d in truth["dirt"]}
    assert found["mes"]["already"] == sum(n["duplicates"] for n in counts.values())
    assert verify(site).ok


@pytest.mark.parametrize("seed", SEEDS)
def test_what_stands_in_the_record_is_what_the_plant_did(seed: int) -> None:
    _, truth = plant(seed)
    bring(seed, "mes", "erp", "lims", "qms")
    kinds = Counter(event.type for event in events())
    kpis = truth["kpis"]
    assert kinds["batch.started"] == kpis["batches_started"]
    assert kinds["batch.manufacture.ended"] == kpis["batches_ended"]
    assert kinds["batch.step.completed"] == kpis["steps_completed"]
    assert kinds["batch.step.corrected"] == kpis["corrections"]
    assert kinds["batch.step.signed"] == kpis["signatures"]
    assert kinds["batch.discrepancy.raised"] == kpis["exceptions"]
    assert kinds["quality.deviation.recorded"] == kpis["deviations_opened"]
    assert kinds["quality.deviation.closed"] == kpis["deviations_closed"]
    assert kinds["laboratory.result.final"] == kpis["tests_final"]
    assert kinds["laboratory.oos.opened"] == kpis["oos_opened"]
    assert kinds["quality.capa.opened"] == kpis["capas_opened"]
    decided = Counter(e.payload["decision"] for e in events(["release.batch.decided"]))
    assert decided["released"] == kpis["batches_released"]
    assert decided["rejected"] == kpis["batches_rejected"]
    for batch in truth["batches"]:
        row = Batch.objects.get(id=batch["batch_no"])
        for mine, theirs in (("ended_at", "ended"), ("disposed_at", "decided")):
            at, true = getattr(row, mine), batch[theirs]
            assert (at and at[:19]) == (true and true[:19]), (row.id, mine)
    assert Deviation.objects.filter(state="open").count() == (
        kpis["deviations_opened"] - kpis["deviations_closed"]
    )


def test_second_import_adds_nothing_and_rows_follow_from_the_ledger() -> None:
    bring(1)
    before = last_seq()
    again = bring(1)
    assert sum(told["made"] + told["events"] for told in again.values()) == 0
    assert last_seq() == before + len(SYSTEMS)
    assert compare().equal


def test_source_row_of_every_event_can_be_shown() -> None:
    folder, _ = plant(2)
    bring(2, "mes", "qms")
    lines: dict[str, list[str]] = {}
    for event in events():
        if event.origin_kind != "import":
            continue
        ref = event.origin["ref"]
        name = ref["file"]
        if name not in lines:
            code = "cp1252" if name.startswith("mes/") else "utf-8"
            lines[name] = (folder / name).read_text(encoding=code).split("\n")
        line = lines[name][ref["row"] - 1]
        subject = event.stream.rpartition("/")[2]
        assert line.strip(), (name, ref["row"])
        if event.stream.startswith(("batch/", "deviation/")):
            assert subject in line, (event.stream, name, ref["row"], line[:80])
