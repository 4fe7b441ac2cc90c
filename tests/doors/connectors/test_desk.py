"""The desk as a whole: from files that arrive to a run on the record."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from daytwo.doors.connectors.desk import kinds, texts
from daytwo.doors.connectors.tables.generic import importable
from daytwo.doors.importing import LARGEST, desk
from daytwo.kernel.errors import Refused, Unknown
from daytwo.record.access.commands import save_mapping
from daytwo.record.ledger.models import ImportRun
from daytwo.record.ledger.reading import events, last_seq
from tests.doors.connectors import sample
from tests.doors.connectors.desk.hand import ABOUT, IVO, arrived, brought

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Person

PATIENCE = 20.0


@pytest.fixture(autouse=True)
def _data(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings

    monkeypatch.setattr(settings, "DATA_DIR", site)


def saved(ivo: Person, upload_id: str) -> int:
    judged = desk().numbered(upload_id)
    ivo.does(
        save_mapping,
        mapping_id=judged.id,
        version=judged.version,
        title=judged.title,
        text=desk().text(upload_id),
    )
    return judged.version


def run(ivo: Person, upload_id: str) -> ImportRun:
    assert desk().rehearse(upload_id, IVO, patience=PATIENCE).state == "done"
    if not desk().judge(upload_id).saved:
        saved(ivo, upload_id)
    state = desk().run(upload_id, IVO, patience=PATIENCE)
    assert state.state == "done", state
    return ImportRun.objects.get(event_seq=state.run_seq)


def test_new_mapping_begins_with_the_files_as_they_were_confirmed(tmp_path: Path) -> None:
    text = "Batch No.;Made on;Note;Water %\nB1;31.01.2024;x;1,5\n"
    upload = desk().take_in(IVO, [arrived(tmp_path, "Export 1.csv", text)])
    desk().confirm(upload.id, "Export 1.csv", desk().look(upload.id, "Export 1.csv").reading)
    desk().begin(upload.id, "new", ABOUT)
    form = desk().form(upload.id, 0)
    assert form.about == ABOUT
    assert form.file is not None
    assert (form.file.name, form.file.path, form.file.found) == (
        "export_1",
        "Export 1.csv",
        "Export 1.csv",
    )
    columns = [(c.name, c.kind, c.form) for c in form.file.columns]
    assert columns[:2] == [("batch_no", "text", ""), ("made_on", "date", "DD.MM.YYYY")]
    assert desk().upload(upload.id).start == "new"
    assert desk().judge(upload.id).issues


def test_new_mapping_must_be_told_what_no_file_says(tmp_path: Path) -> None:
    upload_id = brought(tmp_path, mapping="")
    with pytest.raises(Refused) as refused:
        desk().begin(upload_id, "new", ABOUT | {"time_zone": " "})
    assert refused.value.info["missing"] == ["time_zone"]
    assert not desk().upload(upload_id).has_mapping


def test_mapping_begins_from_a_shipped_or_a_saved_one(tmp_path: Path, ivo: Person) -> None:
    upload_id = brought(tmp_path)
    saved(ivo, upload_id)
    keys = {start.key: start for start in desk().starts()}
    assert keys["saved:sample:3"].files == ("products.csv", "batches*.csv")
    assert "Laboratory.csv" in keys["shipped:tablets"].files
    other = brought(tmp_path, mapping="")
    desk().begin(other, "saved:sample:3", {})
    assert desk().text(other) == desk().text(upload_id)
    assert desk().judge(other).saved == 3
    desk().begin(other, "shipped:tablets", {})
    assert desk().judge(other).id == "tablets"
    for key in ("saved:sample:9", "saved:sample:x", "shipped:../x", "x"):
        with pytest.raises(Unknown):
            desk().begin(other, key, {})


def test_all_that_is_wrong_with_a_text_is_told_by_line(tmp_path: Path) -> None:
    text = sample.MAPPING.replace("type: number", "type: numbr").replace("{batch}", "{bach}")
    issues = desk().judge(brought(tmp_path, text)).issues
    assert [issue.line for issue in issues] == sorted(issue.line for issue in issues)
    assert len(issues) == 4
    assert all("numbr" in issue.what for issue in issues)
    text = sample.MAPPING.replace('id: "{batch}", ', "")
    (issue,) = desk().judge(brought(tmp_path, text)).issues
    assert "needs 'id'" in issue.what


def test_changed_text_gets_the_next_free_version_and_keeps_its_comments(
    tmp_path: Path, ivo: Person
) -> None:
    upload_id = brought(tmp_path)
    assert saved(ivo, upload_id) == 3
    assert desk().numbered(upload_id).version == 3
    text = desk().text(upload_id).replace("title: A sample", "title: Other # why")
    desk().write(upload_id, text)
    judged = desk().numbered(upload_id)
    assert (judged.version, judged.latest, judged.saved) == (4, 3, 0)
    assert "title: Other # why" in desk().text(upload_id)
    assert saved(ivo, upload_id) == 4
    desk().write(upload_id, text)
    assert desk().numbered(upload_id).version == 5


def test_rehearsal_shows_events_in_words_and_writes_nothing(tmp_path: Path) -> None:
    before = last_seq()
    batches = sample.HEADER + sample.ROWS[0] + "B2;P1;never;7;1,50;98,0;1;3\n" + sample.ROWS[2]
    upload_id = brought(tmp_path, batches=batches)
    state = desk().rehearse(upload_id, IVO, patience=PATIENCE)
    assert (state.state, state.mapping, state.by_name) == ("done", "sample v3", "Ivo Kunz")
    preview = desk().preview(upload_id)
    assert preview is not None
    fates = [(row.file, row.row, row.fate) for row in preview.rows]
    assert fates == [
        ("products.csv", 2, "joined"),
        ("products.csv", 3, "joined"),
        ("batches.csv", 2, "made"),
        ("batches.csv", 3, "set aside"),
        ("batches.csv", 4, "made"),
    ]
    batch = preview.rows[2].made[0]
    assert (batch.event, batch.stream, batch.status) == ("batch.imported", "batch/B1", "made")
    assert ("product_name", "Pills") in batch.fields
    assert "MON.YY" in preview.rows[3].remarks[0]
    assert preview.totals["events"] == state.events == 14
    assert [remark["row"] for remark in desk().remarks(upload_id)] == [3]
    assert last_seq() == before


def test_run_is_on_the_record_with_person_mapping_and_every_row(
    tmp_path: Path, ivo: Person
) -> None:
    upload_id = brought(tmp_path)
    row = run(ivo, upload_id)
    assert (row.read, row.made, row.rows_set_aside, row.by_name) == (5, 5, 0, "Ivo Kunz")
    assert row.mapping == "sample v3"
    assert f'"sha256":"{desk().judge(upload_id).sha256}"' in row.detail.replace(" ", "")
    (first, *_) = events(["batch.imported"])
    assert (first.actor.id, first.actor.role) == ("ivo", "integrator")
    assert first.origin["ref"]["file"] == "batches.csv"
    assert first.origin["ref"]["row"] == 2


def test_second_run_and_its_preview_find_everything_there(tmp_path: Path, ivo: Person) -> None:
    run(ivo, brought(tmp_path))
    again = brought(tmp_path)
    row = run(ivo, again)
    assert (row.made, row.already) == (0, 5)
    preview = desk().preview(again)
    assert preview is not None
    assert preview.totals["already"] == 5
    assert {row.fate for row in preview.rows if row.file == "batches.csv"} == {"already"}


def test_preview_tells_what_the_run_would_refuse(tmp_path: Path, ivo: Person) -> None:
    run(ivo, brought(tmp_path))
    changed = brought(tmp_path, batches=sample.BATCHES.replace("B1;P1;jan.24", "B1;P1;maj.24"))
    desk().rehearse(changed, IVO, patience=PATIENCE)
    preview = desk().preview(changed)
    assert preview is not None
    row = next(row for row in preview.rows if (row.file, row.row) == ("batches.csv", 2))
    assert row.made[0].status == "refused"
    assert "other content" in row.remarks[0]
    (told,) = [one for one in preview.totals["set_aside"] if one["file"] == "batches.csv"]
    assert "other content" in told["why"]


def test_run_needs_a_preview_of_this_text_and_these_files(tmp_path: Path, ivo: Person) -> None:
    upload_id = brought(tmp_path)
    with pytest.raises(Refused) as unsaved:
        desk().run(upload_id, IVO)
    assert unsaved.value.code == "import.mapping_unsaved"
    saved(ivo, upload_id)
    with pytest.raises(Refused) as unseen:
        desk().run(upload_id, IVO)
    assert unseen.value.code == "import.not_rehearsed"
    desk().rehearse(upload_id, IVO, patience=PATIENCE)
    assert desk().preview(upload_id) is not None
    desk().add(upload_id, [arrived(tmp_path, "batches2.csv", sample.BATCHES)])
    assert desk().preview(upload_id) is None
    desk().remove(upload_id, "batches2.csv")
    assert desk().preview(upload_id) is not None
    desk().write(upload_id, desk().text(upload_id) + "# other\n")
    assert desk().preview(upload_id) is None


def test_broken_off_run_goes_on_where_it_ended(
    tmp_path: Path, ivo: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    from daytwo.doors.connectors import reconcile

    monkeypatch.setattr(reconcile, "ROWS_AT_A_TIME", 2)
    upload_id = brought(tmp_path)
    desk().rehearse(upload_id, IVO, patience=PATIENCE)
    saved(ivo, upload_id)
    from daytwo.doors.connectors.desk import work

    whole = work.Ticker.tick

    def dies(self: work.Ticker, done: int, of: int, events: int) -> None:
        whole(self, done, of, events)
        if done == 4:
            raise work.Stopped

    monkeypatch.setattr(work.Ticker, "tick", dies)
    state = desk().run(upload_id, IVO, patience=PATIENCE)
    assert (state.state, state.done) == ("stopped", 4)
    assert not ImportRun.objects.exists()
    half = len([*events(["batch.imported"])])
    assert 0 < half < 3
    monkeypatch.setattr(work.Ticker, "tick", whole)
    state = desk().run(upload_id, IVO, patience=PATIENCE)
    assert state.state == "done"
    assert len([*events(["batch.imported"])]) == 3
    row = ImportRun.objects.get(event_seq=state.run_seq)
    assert (row.read, row.made, row.already) == (5, 5 - row.already, row.already)


def test_mapping_with_problems_is_not_started(tmp_path: Path) -> None:
    upload_id = brought(tmp_path, "format: daytwo/tables/1\n")
    with pytest.raises(Refused, match="problems"):
        desk().rehearse(upload_id, IVO)


def test_files_that_do_not_fit_are_told_before_anything_is_made(tmp_path: Path) -> None:
    upload_id = brought(tmp_path, batches=sample.BATCHES.replace("asay", "asssay"))
    state = desk().rehearse(upload_id, IVO, patience=PATIENCE)
    assert (state.state, state.code) == ("failed", "import.files")
    assert any("asssay" in issue.what for issue in state.issues)
    assert desk().preview(upload_id) is None


def test_record_is_added_filled_and_taken_out(tmp_path: Path) -> None:
    upload_id = brought(tmp_path)
    desk().add_record(upload_id, 1, "quality.deviation.recorded")
    form = desk().form(upload_id, 1)
    assert form.file is not None
    assert form.file.records[-1].make == "quality.deviation.recorded"
    desk().remove_record(upload_id, 1, 5)
    assert desk().judge(upload_id).issues == ()
    for make in ("nonsense", "access.signed_in"):
        with pytest.raises(Refused):
            desk().add_record(upload_id, 1, make)
    with pytest.raises(Refused):
        desk().add_record(upload_id, 9, "batch")


def test_one_column_is_shown_as_it_would_be_and_nothing_is_kept(tmp_path: Path) -> None:
    upload_id = brought(tmp_path)
    before = desk().text(upload_id)
    given = {"column": "2", "c2-kind": "date", "c2-form": "DD.MM.YYYY", "c2-key": "1"}
    shown = desk().examples(upload_id, 1, given)
    assert (shown.header, shown.form, shown.key) == ("begun", "DD.MM.YYYY", True)
    assert [bool(example.fault) for example in shown.examples] == [True, True]
    assert desk().text(upload_id) == before


def test_everything_that_a_row_can_make_is_found_by_what_happened() -> None:
    every = {kind.make for kind in kinds.kinds("")}
    assert {entry.name for entry in importable()} < every
    assert every >= {"batch", "lot", "consumption", "yields", "results", "parameters", "trace"}
    assert "event" not in every
    found = [kind.make for kind in desk().kinds("deviation closed")]
    assert found[0] == "quality.deviation.closed"
    assert {kind.capability for kind in desk().kinds("laboratory sample")} == {"laboratory"}
    assert desk().kinds("nothing at all of this name") == []


def test_every_field_of_every_kind_is_offered() -> None:
    for kind in kinds.kinds(""):
        slots = kinds.slots(kind.make)
        assert len({(slot.inside, slot.name) for slot in slots}) == len(slots)
        if "." in kind.make:
            entry = next(entry for entry in importable() if entry.name == kind.make)
            inside = {slot.name for slot in slots if slot.inside}
            assert inside == {field.name for field in dataclasses.fields(entry.cls)}
        assert all(
            slot.takes in {"text", "date", "number", "choice", "lines", "flag"} for slot in slots
        )


def test_large_text_is_refused_and_the_old_one_stays(tmp_path: Path) -> None:
    upload_id = brought(tmp_path)
    before = desk().text(upload_id)
    with pytest.raises(Refused, match="at most"):
        desk().write(upload_id, "x" * (texts.LARGEST + 1))
    assert desk().text(upload_id) == before
    assert LARGEST == 4 * 1024**3


def test_what_is_being_read_is_not_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from daytwo.doors.connectors.desk import work

    upload_id = brought(tmp_path)
    monkeypatch.setattr(work, "busy", lambda: upload_id)
    for act in (
        lambda: desk().discard(upload_id),
        lambda: desk().write(upload_id, "x"),
        lambda: desk().remove(upload_id, "batches.csv"),
    ):
        with pytest.raises(Refused, match="right now"):
            act()


def test_file_is_found_by_a_pattern_with_places_in_it(tmp_path: Path) -> None:
    text = sample.changed("files", 1, "path", to="{site}_*.csv")
    upload_id = brought(tmp_path, text)
    desk().add(upload_id, [arrived(tmp_path, "north_1.csv", sample.BATCHES)])
    form = desk().form(upload_id, 1)
    assert form.file is not None
    assert form.file.found == "north_1.csv"
