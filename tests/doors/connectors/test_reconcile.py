"""Every row that is read is accounted for once, whatever the ledger answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daytwo.doors.connectors import reconcile as module
from daytwo.doors.connectors.reconcile import Outcome, reconcile
from daytwo.doors.connectors.records import ImportRecord, Remark, RowRead, SourceRef
from daytwo.kernel.errors import ConnectorError

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator, Sequence

    from daytwo.doors.connectors.reconcile import Status


def record(name: str, row: int = 2, field: str = "") -> ImportRecord:
    source = SourceRef("mes", "a.csv", row, field)
    return ImportRecord(name, "batch", name, "digest", f"batch/{name}", (object(),), None, source)


def answering(*answers: Status) -> Callable[[Sequence[ImportRecord]], Iterator[Outcome]]:
    left = iter(answers)

    def write(records: Sequence[ImportRecord]) -> Iterator[Outcome]:
        for one in records:
            yield Outcome(one.command_id, next(left), "other content")

    return write


@pytest.mark.parametrize(
    ("answers", "made", "already", "aside", "fields"),
    [
        (("made", "made"), 1, 0, 0, 0),
        (("made", "already"), 1, 0, 0, 0),
        (("already", "already"), 0, 1, 0, 0),
        (("already", "refused"), 0, 1, 0, 1),
        (("refused", "made"), 1, 0, 0, 1),
        (("refused", "refused"), 0, 0, 1, 0),
    ],
)
def test_row_counts_once_by_the_best_of_its_records(
    answers: tuple[Status, ...], made: int, already: int, aside: int, fields: int
) -> None:
    row = RowRead("a.csv", 2, records=(record("x"), record("y", field="water")))
    done = reconcile([row], answering(*answers))
    assert (done.read, done.made, done.already) == (1, made, already)
    assert (done.rows_set_aside, done.fields_set_aside) == (aside, fields)
    assert len(done.set_aside) == aside + fields
    assert done.accounted


def test_refused_row_names_its_records_once() -> None:
    row = RowRead("a.csv", 2, records=tuple(record(f"r{n}") for n in range(5)))
    [remark] = reconcile(
        [row], answering("refused", "refused", "refused", "refused", "refused")
    ).set_aside
    assert (remark.file, remark.row, remark.field) == ("a.csv", 2, "")
    assert remark.why.startswith("batch r0: other content; ")
    assert remark.why.endswith("(and 2 more)")


def test_refused_field_of_a_kept_row_names_its_column() -> None:
    row = RowRead("a.csv", 2, records=(record("x"), record("y", field="water")))
    [remark] = reconcile([row], answering("made", "refused")).set_aside
    assert (remark.field, remark.why) == ("water", "batch y: other content")


def test_row_that_only_repeats_is_already_there() -> None:
    assert reconcile([RowRead("a.csv", 2, repeated=1)], answering()).already == 1


def test_row_of_which_nothing_was_left_is_set_aside() -> None:
    done = reconcile([RowRead("a.csv", 2)], answering())
    assert "nothing was left" in done.set_aside[0].why


def test_joined_row_shares_the_best_fate_of_those_that_use_it() -> None:
    references = [RowRead("p.csv", n, reference=True) for n in (2, 3, 4, 9000)]
    users = [
        RowRead("a.csv", 2, records=(record("x"),), uses=(("p.csv", 2), ("p.csv", 9000))),
        RowRead("a.csv", 3, records=(record("y"),), uses=(("p.csv", 3),)),
        RowRead("a.csv", 4, records=(record("z"),), uses=(("p.csv", 2), ("a.csv", 2))),
    ]
    done = reconcile([*references, *users], answering("already", "made", "made"))
    assert (done.read, done.made, done.already) == (7, 4, 2)
    assert [(r.file, r.row) for r in done.set_aside] == [("p.csv", 4)]
    assert done.accounted


def test_json_is_the_contract() -> None:
    refused = Remark("a.csv", 3, "", "is odd")
    rows = [RowRead("a.csv", 2, records=(record("x"),)), RowRead("a.csv", 3, refused=refused)]
    data = reconcile(rows, answering("made")).as_json()
    assert (data["read"], data["made"], data["already"]) == (2, 1, 0)
    assert data["set_aside"] == [{"file": "a.csv", "row": 3, "field": "", "why": "is odd"}]
    assert data["kinds"] == {"batch": {"made": 1}}


def test_too_many_faults_stop_the_import(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_REMARKS", 10)
    rows = (
        RowRead("a.csv", n, refused=Remark("a.csv", n, "", "is odd")) for n in range(2, 10_000_000)
    )
    with pytest.raises(ConnectorError, match=r"More than 10 .* a\.csv, row 12") as refused:
        reconcile(rows, answering())
    assert refused.value.code == "import.too_many_faults"


def test_progress_is_told() -> None:
    told: list[int] = []
    rows = [RowRead("a.csv", n, repeated=1) for n in range(2, 452)]
    reconcile(rows, answering(), progress=told.append)
    assert told == [200, 400, 450]


ROW = st.builds(
    lambda row, kept, refused, reference: RowRead(
        "a.csv",
        row,
        records=() if refused or reference else tuple(record(f"{row}-{n}") for n in range(kept)),
        refused=Remark("a.csv", row, "", "odd") if refused else None,
        uses=(("a.csv", 5),),
        reference=reference and not refused,
    ),
    st.integers(2, 40),
    st.integers(0, 3),
    st.booleans(),
    st.booleans(),
)


@given(st.lists(ROW, max_size=20, unique_by=lambda row: row.row), st.randoms())
def test_any_rows_and_answers_are_accounted_for(rows: list[RowRead], chance: random.Random) -> None:
    def write(records: Sequence[ImportRecord]) -> Iterator[Outcome]:
        statuses: list[Status] = ["made", "already", "refused"]
        return (Outcome(one.command_id, chance.choice(statuses)) for one in records)

    done = reconcile(rows, write)
    assert done.read == len(rows)
    assert done.accounted
    assert len([r for r in done.set_aside if not r.field]) == done.rows_set_aside
