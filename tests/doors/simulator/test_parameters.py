"""The figures: shipped with sources, changed by file or value, refused with every fault."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from typing import get_type_hints

import pytest

from daytwo.doors.simulator.parameters.load import SECTIONS, load, shipped, table
from daytwo.doors.simulator.parameters.shape import Parameters
from daytwo.kernel.errors import Refused
from tests.house.tree import ROOT


def test_every_figure_is_shipped_with_range_and_source():
    hints = get_type_hints(Parameters)
    for section in SECTIONS:
        names = {field.name for field in fields(hints[section])}
        assert names == set(shipped()[section]), section
        for name, figure in shipped()[section].items():
            assert figure["low"] <= figure["value"] <= figure["high"], name
            assert len(figure["source"]) >= len("assumption"), name
            assert figure["unit"], name


def test_parameters_are_frozen_and_cover_whole_weeks():
    parameters = load(5)
    assert parameters.weeks == 104
    assert parameters.start.weekday() == 0
    with pytest.raises(FrozenInstanceError):
        parameters.seed = 6


def test_file_and_values_change_figures(tmp_path):
    path = tmp_path / "p.yaml"
    path.write_text("review: {qa_minutes: 480}\nplant: {years: 1}\n", encoding="utf-8")
    parameters = load(1, path, {"plant": {"years": 0.5}})
    assert parameters.review.qa_minutes == 480
    assert parameters.plant.years == 0.5
    assert parameters.review.qp_minutes == load(1).review.qp_minutes


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("reviews: {qa_minutes: 480}", "there is no section 'reviews'"),
        ("review: {qa_hours: 8}", "there is no figure review.qa_hours"),
        ("review: {qa_minutes: long}", "review.qa_minutes is 'long', which is no number"),
        ("review: {qa_minutes: true}", "which is no number"),
        ("review: {qa_minutes: .nan}", "which is no number"),
        ("review: {qa_minutes: 0}", "it lies from 1 to 2400 min"),
        ("review: {qps: 1.5}", "review.qps is 1.5; it is a whole number"),
        ("review: 3", "the section 'review' holds no figures"),
        ("- 1", "holds no sections"),
        ("review: {", "cannot be read"),
    ],
)
def test_fault_is_named(tmp_path, text, said):
    path = tmp_path / "p.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as refused:
        load(1, path)
    assert refused.value.code == "simulator.parameters"
    assert said in refused.value.detail


def test_all_faults_are_told_at_once(tmp_path):
    path = tmp_path / "p.yaml"
    path.write_text("review: {qps: 0, x: 1}\nother: {}\n", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        load(-1, path)
    assert len(refused.value.info["faults"]) == 4


def test_docs_show_the_shipped_figures():
    page = (ROOT / "docs" / "simulator.md").read_text(encoding="utf-8")
    assert table() in page, "paste daytwo.doors.simulator.parameters.load.table() into the page"
