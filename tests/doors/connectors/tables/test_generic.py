"""Any event of the catalogue from a row: fields by type, conditions, keys, what is left out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import yaml

from daytwo.doors.connectors.run import run_import
from daytwo.doors.connectors.tables.generic import importable
from daytwo.doors.connectors.tables.loading import load_mapping
from daytwo.kernel.errors import ConnectorError
from daytwo.record.ledger.append import Intent, Pending
from daytwo.record.ledger.door import transact
from daytwo.record.ledger.envelope import Actor, Origin
from daytwo.record.ledger.reading import events, last_seq
from daytwo.record.ledger.rebuild import compare
from daytwo.record.resources.events import EquipmentRegistered

if TYPE_CHECKING:
    from pathlib import Path

IVO = Actor("ivo", "Ivo Kunz", "integrator")
HEADER = "no;batch;step;at;noted;who;team;value;unit;amount;state;paper;until\n"
ROWS = (
    "1;B1;10;2025-01-02 08:00;2025-01-02 09:10;K7;red;5,20;kg;3;done;Y;2025-02-01 00:00\n"
    "2;B1;10;;2025-01-02 09:10;K7;red;5,20;kg;3;done;Y;\n"
    "3;B1;11;2025-01-02 08:30;;K8;;7,1;kg;x;open;N;\n"
)
RECORDS: list[dict[str, object]] = [
    {
        "make": "batch.step.value_entered",
        "fields": {
            "batch_id": "{batch}",
            "step_id": "{step}",
            "entry": {"value": "{value}", "unit": "{unit}"},
            "method": "device",
        },
        "key": "{no}",
        "occurred": "at",
        "recorded": "noted",
        "by": "{who}",
        "role": "{team}",
    }
]
MAPPING = {
    "format": "daytwo/tables/1",
    "id": "steps",
    "version": 1,
    "title": "Steps",
    "source": {"system": "old-mes"},
    "site": "north",
    "time_zone": "Europe/Vienna",
    "values": {"truth": {"Y": "true", "N": "false"}},
    "files": [
        {
            "name": "steps",
            "path": "steps.csv",
            "delimiter": ";",
            "encoding": "utf-8",
            "decimal": ",",
            "key": ["no"],
            "columns": {
                "no": {},
                "batch": {"required": True},
                "step": {},
                "at": {"type": "date", "format": "YYYY-MM-DD HH:mm"},
                "noted": {"type": "date", "format": "YYYY-MM-DD HH:mm"},
                "who": {},
                "team": {},
                "value": {"type": "number", "unit": "kg"},
                "unit": {},
                "amount": {},
                "state": {},
                "paper": {"values": "truth"},
                "until": {"type": "date", "format": "YYYY-MM-DD HH:mm"},
            },
            "records": RECORDS,
        }
    ],
}
pytestmark = pytest.mark.usefixtures("site")


def plant(
    folder: Path,
    *records: dict[str, object],
    rows: str = ROWS,
    whole: object = None,
    **source: object,
) -> Path:
    data = json.loads(json.dumps(MAPPING))
    data["source"] |= source
    file = data["files"][0]
    # The whole row is used, so that no column is lost in silence; at the end: what comes first
    # is what a test is about.
    rest = {
        "make": "usage.feature.used",
        "fields": {
            "person_id": "{who}",
            "feature": "{no}",
        },
        "key": "{no}",
        "reason": "{batch} {step} {at} {noted} {team} {value} {unit} {amount} {state} {paper}"
        " {until}",
    }
    file["records"] = [*records, rest | (whole or {})]
    (folder / "steps.csv").write_text(HEADER + rows, encoding="utf-8")
    path = folder / "steps.yaml"
    path.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    return path


def imported(folder: Path, *records: dict[str, object], **more: object) -> list[object]:
    path = plant(folder, *records, **more)  # type: ignore[arg-type]
    run_import(path, folder, IVO)
    return [event for event in events() if event.type == records[0]["make"]]


def told(folder: Path, *records: dict[str, object]) -> str:
    with pytest.raises(ConnectorError) as caught:
        load_mapping(plant(folder, *records))
    return str(caught.value)


def test_fields_times_and_the_person_of_the_source_are_kept(tmp_path: Path) -> None:
    one, two = imported(tmp_path, RECORDS[0])
    assert one.payload == {
        "batch_id": "B1",
        "step_id": "10",
        "entry": {"value": "5.20", "unit": "kg"},
        "result": {},
        "method": "device",
    }
    assert one.stream == "batch/B1"
    assert one.occurred_text == "2025-01-02T07:00:00.000000Z"
    assert one.noted_at.isoformat() == "2025-01-02T08:10:00+00:00"
    assert (one.actor.id, one.doer.id, one.doer.role) == ("ivo", "K7", "red")
    ref = one.origin["ref"]
    assert (ref["site"], ref["file"], ref["row"]) == ("north", "steps.csv", 2)
    # Row 3 has no time: it makes no such event. Row 4 has neither team nor a second time.
    assert two.doer.role == ""
    assert two.noted_at == two.occurred_at


def test_second_run_adds_nothing_and_another_person_is_a_change(tmp_path: Path) -> None:
    imported(tmp_path, RECORDS[0])
    before = last_seq()
    again = run_import(tmp_path / "steps.yaml", tmp_path, IVO)
    assert (again["made"], again["events"], last_seq()) == (0, 0, before + 1)
    other = plant(tmp_path, RECORDS[0], rows=ROWS.replace("K8", "K9"))
    changed = run_import(other, tmp_path, IVO)
    assert [(r["row"], r["field"]) for r in changed["set_aside"]] == [(4, "")]
    assert changed["set_aside"][0]["why"].count("other content") >= 1
    assert compare().equal


def test_condition_picks_rows_by_text_blank_or_anything(tmp_path: Path) -> None:
    comment = {
        "make": "batch.comment.added",
        "fields": {"batch_id": "{batch}", "comment": "{no}"},
        "key": "{no}",
    }
    asked = [
        ({"state": ["done"]}, ["1", "2"]),
        ({"state": ["done"], "at": []}, ["2"]),
        ({"team": []}, ["3"]),
        ({"team": ["*"]}, ["1", "2"]),
    ]
    for number, (when, rows) in enumerate(asked):
        record = comment | {"when": when, "key": f"{number}-{{no}}"}
        found = imported(
            tmp_path, record, system=f"mes-{number}", joins=["mes-0", "mes-1", "mes-2"]
        )
        assert [e.payload["comment"] for e in found][-len(rows) :] == rows


def test_row_that_nothing_asks_for_is_passed_over_and_counted(tmp_path: Path) -> None:
    path = plant(
        tmp_path, RECORDS[0] | {"when": {"state": ["done"]}}, whole={"when": {"no": ["1"]}}
    )
    found = run_import(path, tmp_path, IVO)
    assert (found["read"], found["made"], found["passed_over"]) == (3, 1, 1)
    assert [(r["row"], r["why"]) for r in found["set_aside"]] == [
        (3, "nothing was left to make a record of")
    ]


def test_quantity_number_truth_and_instant_are_of_their_types(tmp_path: Path) -> None:
    (one, two) = imported(
        tmp_path,
        {
            "make": "batch.material.consumed",
            "fields": {
                "batch_id": "{batch}",
                "material_code": "M",
                "lot_id": "L-{no}",
                "quantity": {"number": "{value}", "unit": "{unit}"},
            },
            "when": {"no": ["1", "3"]},
        },
    )
    assert one.payload["quantity"] == {"value": "5.20", "unit": "kg"}
    assert two.payload["quantity"] == {"value": "7.1", "unit": "kg"}
    (signed,) = imported(
        tmp_path,
        {
            "make": "batch.step.signed",
            "fields": {"batch_id": "{batch}", "meaning": "seen", "automated": "{paper}"},
            "key": "s{no}",
            "when": {"no": ["1"]},
        },
    )
    assert signed.payload["automated"] is True
    (shift,) = imported(
        tmp_path,
        {
            "make": "staff.shift.worked",
            "fields": {"person_id": "{who}", "team": "{team}", "ended_at": "{until}"},
            "key": "{no}",
            "occurred": "at",
        },
    )
    assert shift.payload["ended_at"] == "2025-01-31T23:00:00.000000Z"


def test_value_that_is_no_whole_number_is_set_aside_and_the_rest_kept(tmp_path: Path) -> None:
    path = plant(
        tmp_path,
        {
            "make": "release.batch.distributed",
            "fields": {"batch_id": "{batch}", "units": "{amount}"},
            "key": "{no}",
        },
    )
    found = run_import(path, tmp_path, IVO)
    assert [(r["row"], r["field"]) for r in found["set_aside"]] == [
        (4, "release.batch.distributed")
    ]
    assert found["made"] == 3


DUE = {
    "make": "quality.deviation.recorded",
    "fields": {"deviation_id": "D{no}", "due_on": "{until}"},
    "key": "{no}",
}


def days(folder: Path, cells: list[str], record: dict[str, object], **column: str) -> dict:
    """Import the column `until`, written so and declared so, and return what is said of it."""
    rows = "".join(f"{n};B1;10;;;K7;;;;;;;{cell}\n" for n, cell in enumerate(cells, 1))
    path = plant(folder, record, rows=rows)
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    data["files"][0]["columns"]["until"] = column
    path.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    return run_import(path, folder, IVO)


def test_a_day_is_the_sources_own_day(tmp_path: Path) -> None:
    cells = ["2025-02-01", "2025-02-01T00:30:00", "2025-02-01T23:30:00-05:00"]
    found = days(tmp_path, cells, DUE, type="date", format="ISO")
    assert found["set_aside"] == []
    made = [event.payload["due_on"] for event in events(["quality.deviation.recorded"])]
    assert made == ["2025-02-01"] * 3


@pytest.mark.parametrize(
    ("column", "cell", "why"),
    [
        ({"type": "date", "format": "ISO"}, "2018-11", "should be a day"),
        ({"type": "date", "format": "ISO"}, "2025-02-31", "no date of the calendar"),
        ({}, "31.03.2026", "'31.03.2026' is not a day of the calendar"),
        ({}, "2025-02-31", "'2025-02-31' is not a day of the calendar"),
        ({}, "soon", "'soon' is not a day of the calendar"),
    ],
)
def test_what_is_no_day_is_set_aside_and_the_deviation_kept(
    tmp_path: Path, column: dict[str, str], cell: str, why: str
) -> None:
    good = "2025-02-01"
    found = days(tmp_path, [good, cell], DUE, **column)
    told = [(r["row"], r["field"], why in r["why"]) for r in found["set_aside"]]
    assert told == [(3, "until", True)]
    made = [event.payload["due_on"] for event in events(["quality.deviation.recorded"])]
    assert made == [good, None]


def test_what_is_nothing_without_its_day_is_not_made(tmp_path: Path) -> None:
    moved = {
        "make": "quality.deviation.due_date_moved",
        "fields": {"deviation_id": "D{no}", "due_on": "{until}"},
        "key": "{no}",
    }
    found = days(tmp_path, ["2018-11", "2025-02-01"], moved, type="date", format="ISO")
    assert [r["row"] for r in found["set_aside"]] == [2]
    assert [e.payload["due_on"] for e in events(["quality.deviation.due_date_moved"])] == [
        "2025-02-01"
    ]


def test_first_of_several_rows_counts_where_the_mapping_says_so(tmp_path: Path) -> None:
    closed = {
        "make": "quality.deviation.closed",
        "fields": {"deviation_id": "D-1", "root_cause": "{value}"},
        "once": True,
    }
    path = plant(tmp_path, closed)
    found = run_import(path, tmp_path, IVO)
    assert found["set_aside"] == []
    (event,) = events(["quality.deviation.closed"])
    assert event.payload["root_cause"] == "5.20"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"make": "batch.step.valueentered"}, "did you mean 'batch.step.value_entered'"),
        ({"make": "access.signature.applied"}, "no event that imports may make"),
        ({"fields": {"batch_id": "{batch}"}}, "needs the field 'step_id'"),
        ({"fields": {"batch": "{batch}"}}, "no field of batch.step.value_entered 'batch'"),
        ({"key": None}, "can happen twice: give a `key`"),
        ({"occurred": "who"}, "must be a date"),
        ({"when": {"nobody": ["x"]}}, "no column 'nobody'"),
        ({"by": "{nobody}"}, "no column 'nobody'"),
        (
            {"fields": {"batch_id": "{batch}", "step_id": "{step}", "entry": "{value}"}},
            "give an object of texts",
        ),
        (
            {"fields": {"batch_id": "{batch}", "step_id": True, "entry": {"v": "{value}"}}},
            "give a text",
        ),
    ],
)
def test_what_cannot_be_meant_is_explained_before_a_row_is_read(
    tmp_path: Path, change: dict[str, object], said: str
) -> None:
    record = {k: v for k, v in (RECORDS[0] | change).items() if v is not None}
    assert said in told(tmp_path, record)


def test_object_of_another_system_is_written_to_only_where_it_is_joined(tmp_path: Path) -> None:
    taken = EquipmentRegistered("B1", "A vessel", "vessel")
    who = Intent("c-1", "test", "0" * 64, IVO, Origin("import", "erp"))
    transact(who, lambda: [Pending("equipment/B1", taken)])
    soiled = {
        "make": "equipment.soiled",
        "fields": {"equipment_id": "{batch}", "batch_id": "{batch}"},
        "key": "{no}",
    }
    found = run_import(plant(tmp_path, soiled), tmp_path, IVO)
    assert len(found["set_aside"]) == 3
    assert all("the number is in use already" in r["why"] for r in found["set_aside"])
    assert not list(events(["equipment.soiled"]))
    joined = run_import(plant(tmp_path, soiled, joins=["erp"]), tmp_path, IVO)
    assert joined["set_aside"] == []
    assert len(list(events(["equipment.soiled"]))) == 3


def test_every_importable_event_has_fields_that_a_row_can_give() -> None:
    from daytwo.doors.connectors.tables.generic import fields_of, maker

    for entry in importable():
        if entry.name == "batch.trace.recorded":  # gathered from many rows: test_gather.py
            continue
        for name, (hint, _) in fields_of(entry).items():
            text = str(hint)
            source: object = "{x}"
            if "dict" in text:
                source = {"value": "{x}"}
            maker(hint, source), name
