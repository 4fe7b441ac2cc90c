"""KPI values for other systems: every figure with its definition, in JSON and in XML."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

from daytwo.insight.kpis.cohort import Period, Question
from daytwo.insight.kpis.definition import WORDS, all_definitions, definition
from daytwo.insight.kpis.export import NAMESPACE, as_json, as_kpi_ml, figures
from tests.insight.kpis.plant import day, facts

ROWS = [
    {"batch_id": f"B{i}", "ended_us": day(0), "decided_us": day(3 + i), "decision": "released"}
    | {"line": "L<1>" if i % 2 else None, "steps": 1, "reviewed_us": day(2)}
    for i in range(8)
]
MADE = facts(batch=[*ROWS, {"batch_id": "B9", "ended_us": day(1)}])
ASKED = Question(Period(day(0), day(30)), by=("line",))
IN = {"k": NAMESPACE}


def test_json_has_definitions_and_values():
    found = figures([definition("K1"), definition("K7a")], MADE, ASKED)
    told = json.loads(json.dumps(as_json(found, MADE)))
    assert [d["id"] for d in told["definitions"]] == ["K1", "K7a"]
    assert set(told["definitions"][0]) == set(WORDS)
    whole = [v for v in told["values"] if not v["group"]]
    assert [(v["id"], v["value"], v["n"], v["open"]) for v in whole] == [
        ("K1", 6.5, 8, 1),
        ("K7a", 100.0, 8, 1),
    ]
    assert len(told["values"]) == 6


def test_xml_says_the_same():
    found = figures([definition("K1")], MADE, ASKED)
    root = ET.fromstring(as_kpi_ml(found, MADE))
    assert root.find("k:KPIDefinition/k:ID", IN).text == "K1"
    first, *rest = root.findall("k:KPIInstance", IN)
    assert float(first.find("k:KPIValue/k:Value", IN).text) == 6.5
    assert first.find("k:KPIValue/k:Interval/k:Low", IN).text == "3.0"
    assert first.find("k:StartTime", IN).text == "2026-01-01T00:00:00+00:00"
    assert [i.find("k:Scope", IN).text for i in rest] == ["L<1>", None]


def test_unknown_is_said_not_left_out():
    root = ET.fromstring(as_kpi_ml(figures([definition("K1")], facts(), Question()), facts()))
    value = root.find("k:KPIInstance/k:KPIValue", IN)
    assert value.get("unknown") == "true"
    assert value.find("k:Value", IN) is None


def test_kpi_that_cannot_be_split_so_is_left_out():
    asked = Question(where={"line": "L<1>"})
    found = {v.definition.id for v in figures(all_definitions(), MADE, asked)}
    assert "K1" in found
    assert "K18" not in found
