"""Imports: files brought in, mapped, previewed and run through the pages; runs and mappings."""

from __future__ import annotations

import re
from html import unescape
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from django.conf import settings

from daytwo.doors.importing import desk
from daytwo.doors.web.imports import going, saved
from daytwo.kernel.ids import new_id
from daytwo.record.access.commands import save_mapping
from daytwo.record.access.queries import find_mapping, mapping_versions
from daytwo.record.ledger.append import Intent, Pending
from daytwo.record.ledger.door import transact
from daytwo.record.ledger.envelope import Actor, Origin
from daytwo.record.ledger.events import ImportReconciled
from daytwo.record.ledger.models import ImportRun
from tests.doors.connectors import sample
from tests.doors.web.conftest import signed_in

if TYPE_CHECKING:
    from pathlib import Path

    from django.http import HttpResponse
    from django.test import Client

    from tests.conftest import Person

IVO = Actor("ivo", "Ivo Kunz", "integrator")
REMARK = {"file": "Laboratory.csv", "row": 7, "field": "", "why": "no batch number"}
FIELD = {"file": "=cmd.csv", "row": 9, "field": "assay", "why": "<b>not</b> a number"}
ABOUT = {"title": "North", "id": "north", "system": "old-mes", "site": "n", "time_zone": "UTC"}


@pytest.fixture(autouse=True)
def _data(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA_DIR", site)
    monkeypatch.setattr(going, "PATIENCE_S", 20)


def ran(*, made: int, set_aside: tuple[dict, ...] = (REMARK,)) -> int:
    detail = {
        "blanks": 3,
        "kinds": {"batch": {"made": made}},
        "files": [{"name": "Laboratory.csv", "sha256": "ab" * 32, "bytes": 10, "lines": 12}],
        "events": made,
        "set_aside": [*set_aside],
        "warnings": [{"file": "Process.csv", "row": 3, "field": "x", "why": "implausible"}],
    }
    event = ImportReconciled("tablets/1", "tablets v1", "old-mes", 10, made, 1, 1, 0, detail)
    intent = Intent(new_id(), "import.reconcile", "", IVO, Origin("system", "import"))
    transact(intent, lambda: [Pending("import/tablets", event)])
    return int(ImportRun.objects.latest("event_seq").event_seq)


def as_file(name: str, text: str) -> BytesIO:
    stream = BytesIO(text.encode())
    stream.name = name
    return stream


def bring(client: Client, **texts: str) -> str:
    """Send files and return the address of the upload."""
    given = texts or {"products": sample.PRODUCTS, "batches": sample.BATCHES}
    files = [as_file(f"{name}.csv", text) for name, text in given.items()]
    answer = client.post("/imports/new/", {"files": files})
    assert answer.status_code == 302, answer.content.decode()[-500:]
    return str(answer["Location"])


def mapped(client: Client, text: str = sample.MAPPING) -> str:
    at = bring(client)
    assert client.post(f"{at}mapping/text/", {"yaml": text}).status_code == 302
    return at


def body(answer: HttpResponse) -> str:
    return unescape(answer.content.decode())


# ------------------------------------------------------------------ runs
def test_run_shows_every_row_accounted_for() -> None:
    seq = ran(made=8)
    client = signed_in("ivo")
    listed = client.get("/imports/").content.decode()
    assert f"/imports/{seq}/" in listed
    text = client.get(f"/imports/{seq}/").content.decode()
    for part in ("Laboratory.csv", "no batch number", "whole row", "Ivo Kunz", "tablets v1"):
        assert part in text
    assert '<rect class="made" x="0.0" y="0" width="800.0"' in text
    assert '<rect class="aside" x="900.0" y="0" width="100.0"' in text


@pytest.mark.parametrize(("made", "word"), [(8, "yes"), (7, "no")])
def test_run_that_does_not_add_up_says_so(made: int, word: str) -> None:
    seq = ran(made=made)
    assert f"<span>{word}</span>" in signed_in("ivo").get("/imports/").content.decode()
    assert f"<span>{word}</span>" in signed_in("ivo").get(f"/imports/{seq}/").content.decode()


def test_no_run_says_how_to_begin() -> None:
    assert "Nothing was imported yet." in signed_in("luis").get("/imports/").content.decode()
    assert "Bring in files" not in signed_in("luis").get("/imports/").content.decode()
    assert "Bring in files" in signed_in("ivo").get("/imports/").content.decode()
    assert signed_in("luis").get("/imports/99/").status_code == 404
    assert signed_in("luis").get(f"/imports/{'9' * 30}/").status_code == 404


def test_remarks_are_filtered_and_given_as_csv_without_formulas() -> None:
    seq = ran(made=8, set_aside=(REMARK, FIELD))
    client = signed_in("luis")
    text = client.get(f"/imports/{seq}/?q=assay").content.decode()
    assert "&lt;b&gt;not&lt;/b&gt; a number" in text
    assert "no batch number" not in text
    assert "implausible" in client.get(f"/imports/{seq}/?which=warnings").content.decode()
    lines = client.get(f"/imports/{seq}/?format=csv").content.decode().splitlines()
    assert lines == [
        "File,Row,Field,Why",
        "Laboratory.csv,7,whole row,no batch number",
        "'=cmd.csv,9,assay,<b>not</b> a number",
    ]


# ------------------------------------------------------------------ the flow
def test_flow_from_files_to_reconciliation(ivo: Person) -> None:
    client = signed_in("ivo")
    at = bring(client)
    shown = body(client.get(at))
    for part in ("batches.csv", "jan.24", "99,1", "to be confirmed", 'value=";" selected'):
        assert part in shown
    answer = client.post(at, {"encoding-0": "utf-8", "delimiter-0": ";", "decimal-0": ","})
    assert answer["Location"] == f"{at}mapping/"
    assert client.get(f"{at}mapping/")["Location"] == f"{at}mapping/begin/"
    assert "tablets" in body(client.get(f"{at}mapping/begin/"))
    assert client.post(f"{at}mapping/begin/", {"start": "new", **ABOUT}).status_code == 302
    assert client.get(f"{at}mapping/")["Location"] == f"{at}mapping/columns/"
    assert "No row makes anything yet" in body(client.get(f"{at}mapping/columns/"))
    client.post(f"{at}mapping/text/", {"yaml": sample.MAPPING})
    assert "Nothing to mend" in body(client.get(f"{at}mapping/columns/?file=1"))
    assert client.post(f"{at}preview/").status_code == 302
    preview = body(client.get(f"{at}preview/"))
    for part in ("19 events would be made", "Batch imported", "Pills", "batches.csv 2"):
        assert part in preview
    assert find_mapping("sample") is None
    answer = client.post(f"{at}run/", {"reason": "monthly export"})
    assert answer["Location"] == f"{at}run/"
    seq = ImportRun.objects.get().event_seq
    assert client.get(f"{at}run/")["Location"] == f"/imports/{seq}/"
    kept = find_mapping("sample")
    assert (kept.version, kept.saved_by, kept.reason) == (3, "Ivo Kunz", "monthly export")
    done = body(client.get(f"/imports/{seq}/"))
    assert "/imports/mappings/sample/3/" in done
    assert f"{at}" in done
    assert "imported" in body(client.get("/imports/"))
    assert "Ivo Kunz" in body(client.get("/imports/"))


def test_watching_page_is_sent_on_when_the_run_is_done() -> None:
    client = signed_in("ivo")
    at = mapped(client)
    client.post(f"{at}preview/")
    client.post(f"{at}run/")
    answer = client.get(f"{at}run/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == f"/imports/{ImportRun.objects.get().event_seq}/"


def test_files_of_htmx_are_sent_on_by_a_header() -> None:
    files = [as_file("a.csv", "a;b\n1;2\n")]
    answer = signed_in("ivo").post(
        "/imports/new/", {"files": files}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 204
    assert answer["HX-Redirect"].startswith("/imports/up/")


@pytest.mark.parametrize("who", ["luis", "quinn", "ada", "olga", "sam"])
def test_only_who_may_import_brings_anything_in(who: str) -> None:
    at = mapped(signed_in("ivo"))
    client = signed_in(who)
    for path in ("", "mapping/text/", "mapping/columns/", "preview/", "run/", "remarks/"):
        assert client.get(f"{at}{path}").status_code == 403, path
    for path in ("preview/", "run/", "stop/", "discard/", "add/", "remove/", "mapping/column/"):
        assert client.post(f"{at}{path}").status_code == 403, path
    assert client.post("/imports/new/").status_code == 403
    assert desk().uploads()
    assert at not in client.get("/imports/").content.decode()


NOBODY = "00000000-0000-7000-8000-000000000000"


@pytest.mark.parametrize("name", ["..", "~2E~2E", "busy", "x" * 36, NOBODY])
def test_upload_of_another_name_is_not_found(name: str) -> None:
    client = signed_in("ivo")
    assert client.get(f"/imports/up/{name}/").status_code == 404
    assert client.post(f"/imports/up/{name}/discard/").status_code == 404


def test_no_file_is_told_beside_the_form() -> None:
    answer = signed_in("ivo").post("/imports/new/")
    assert answer.status_code == 409
    assert "No file came" in answer.content.decode()


def test_hostile_cells_are_shown_as_text() -> None:
    client = signed_in("ivo")
    header = '<img src=x onerror=alert(1)>;"{{7*7}}"'
    at = bring(client, evil=f"{header}\n</textarea><script>alert(2)</script>;=1+1\n")
    client.post(at, {})
    client.post(f"{at}mapping/begin/", {"start": "new", **ABOUT, "title": "</title><b>x"})
    for path in ("", "mapping/columns/", "mapping/records/", "mapping/text/"):
        text = client.get(f"{at}{path}").content.decode()
        assert "<img src=x" not in text, path
        assert "<script>alert" not in text, path
        assert "<b>x" not in text, path
        assert "49" not in re.sub(r"[0-9a-f-]{12,}", "", text) or "{{7*7}}" in unescape(text)
    shown = client.get(at).content.decode()
    assert "&lt;img src=x onerror=alert(1)&gt;" in shown


def test_wrong_encoding_is_told_and_another_can_be_tried() -> None:
    client = signed_in("ivo")
    stream = BytesIO("Grösse;b\n1;2\n".encode("cp1250"))
    stream.name = "a.csv"
    at = client.post("/imports/new/", {"files": [stream]})["Location"]
    assert "It is not UTF-8" in body(client.get(at)) or "it is not UTF-8" in body(client.get(at))
    wrong = {"encoding-0": "utf-8", "delimiter-0": ";", "decimal-0": ".", "quote-0": '"'}
    answer = client.post(at, wrong)
    assert answer.status_code == 200
    assert "It cannot be read so." in body(answer)
    again = client.post(at, {**wrong, "encoding-0": "cp1250", "again": "1"})
    assert "Grösse" in body(again)
    assert not desk().uploads()[0].files[0].confirmed
    client.post(at, {**wrong, "encoding-0": "cp1250"})
    (file,) = desk().uploads()[0].files
    assert (file.confirmed, file.reading.encoding) == (True, "cp1250")


def test_files_are_added_removed_and_discarded() -> None:
    client = signed_in("ivo")
    at = bring(client)
    client.post(f"{at}add/", {"files": [as_file("more.csv", "a\n1\n")]})
    assert "more.csv" in body(client.get(at))
    refused = client.post(f"{at}add/", {"files": [as_file("more.exe", "a\n1\n")]})
    assert (refused.status_code, "cannot be read here" in body(refused)) == (409, True)
    client.post(f"{at}remove/", {"name": "more.csv"})
    assert "more.csv" not in body(client.get(at))
    assert client.post(f"{at}discard/")["Location"] == "/imports/"
    assert client.get(at).status_code == 404


def test_column_is_shown_live_as_it_would_read() -> None:
    client = signed_in("ivo")
    at = mapped(client)
    given = {
        "column": "2",
        "c2-state": "read",
        "c2-kind": "date",
        "c2-form": "MON.YY",
        "c2-months": "months",
    }
    row = body(client.post(f"{at}mapping/column/?file=1", given))
    assert row.strip().startswith("<tr")
    assert "2024-01 (month)" in row
    row = body(client.post(f"{at}mapping/column/?file=1", {**given, "c2-form": "DD.MM.YYYY"}))
    assert "is not of the form DD.MM.YYYY" in row


def test_form_writes_the_text() -> None:
    client = signed_in("ivo")
    at = mapped(client)
    form = {"section": "records", "r0-strength": "10 mg"}
    answer = client.post(f"{at}mapping/records/?file=1", form)
    assert answer["Location"] == f"{at}mapping/records/?file=1#findings"
    assert "strength: 10 mg" in body(client.get(f"{at}mapping/text/"))
    client.post(f"{at}mapping/records/?file=1", {"section": "records", "remove": "4"})
    assert "tests: {assay" not in body(client.get(f"{at}mapping/text/"))


def test_kind_is_searched_and_added() -> None:
    client = signed_in("ivo")
    at = mapped(client)
    found = body(client.get(f"{at}mapping/kinds/?file=1&q=deviation"))
    assert "quality.deviation.closed" in found
    assert "batch.held" not in found
    nothing = body(client.get(f"{at}mapping/kinds/?file=1&q=unheard-of"))
    assert "Nothing of that kind can be imported." in nothing
    answer = client.post(f"{at}mapping/kinds/?file=1", {"make": "quality.deviation.closed"})
    assert answer["Location"] == f"{at}mapping/records/?file=1#record-5"
    refused = client.post(f"{at}mapping/kinds/?file=1", {"make": "access.signed_in"})
    assert (refused.status_code, "cannot make" in body(refused)) == (409, True)


def test_problems_of_a_text_lead_to_their_lines() -> None:
    client = signed_in("ivo")
    at = mapped(client, sample.MAPPING.replace("site: north", "sight: north"))
    text = body(client.get(f"{at}mapping/text/"))
    assert "did you mean 'site'" in text
    assert 'data-line="7"' in text
    assert "problems in the mapping" in body(client.get("/imports/"))
    answer = client.post(f"{at}preview/")
    assert answer.status_code == 409
    broken = mapped(client, "a: [")
    assert client.get(f"{broken}mapping/")["Location"] == f"{broken}mapping/text/"
    assert client.get(f"{broken}mapping/columns/")["Location"] == f"{broken}mapping/text/"
    assert client.post(f"{broken}mapping/columns/").status_code in {302, 409}


def test_run_is_not_started_without_a_preview() -> None:
    client = signed_in("ivo")
    at = mapped(client)
    answer = client.post(f"{at}run/")
    assert answer.status_code == 409
    assert find_mapping("sample") is None
    assert not ImportRun.objects.exists()


def test_interrupted_run_says_how_to_go_on(site: Path) -> None:
    from daytwo.doors.connectors.desk import store

    client = signed_in("ivo")
    at = mapped(client)
    client.post(f"{at}preview/")
    client.post(f"{at}run/")
    upload_id = desk().uploads()[0].id
    path = store.place(upload_id) / "run.json"
    store.write_json(path, store.read_json(path) | {"state": "running", "run_seq": 0})
    text = body(client.get(f"{at}run/"))
    assert "The server ended while this went on." in text
    assert "Run again, from where it ended" in text
    assert "the import did not end" in body(client.get("/imports/"))
    client.post(f"{at}run/")
    assert ImportRun.objects.count() == 2
    assert ImportRun.objects.latest("event_seq").already == 5


def test_running_import_is_watched_and_stopped() -> None:
    from daytwo.doors.connectors.desk import store, work

    client = signed_in("ivo")
    at = mapped(client)
    upload_id = desk().uploads()[0].id
    held = work._hold(upload_id, "run")
    state = {
        "kind": "run",
        "state": "running",
        "done": 40,
        "of": 100,
        "events": 77,
        "mapping": "sample v3",
        "by_name": "Ivo Kunz",
        "seconds": 4.0,
        "seconds_left": 6.0,
        "started_at": "2026-01-01T10:00:00.000000Z",
    }
    store.write_json(store.place(upload_id) / "run.json", state)
    text = body(client.get(f"{at}run/"))
    for part in ('hx-trigger="every 1s"', 'value="40"', "77", "6\u202fs", "Ivo Kunz"):
        assert part in text
    assert "being imported" in body(client.get("/imports/"))
    assert client.post(f"{at}discard/").status_code == 409
    client.post(f"{at}stop/")
    assert (store.place(upload_id) / "stop").exists()
    held.close()


def test_everything_set_aside_is_given_as_csv() -> None:
    client = signed_in("ivo")
    batches = sample.BATCHES.replace("jan.24", "=1+1")
    at = bring(client, products=sample.PRODUCTS, batches=batches)
    client.post(f"{at}mapping/text/", {"yaml": sample.MAPPING})
    client.post(f"{at}preview/")
    lines = client.get(f"{at}remarks/?format=csv").content.decode().splitlines()
    assert lines[1].startswith("batches.csv,2,")
    assert client.get(f"{at}remarks/").status_code == 404
    assert "Would be set aside" in body(client.get(f"{at}preview/"))


# ------------------------------------------------------------------ mappings on the record
def keep(ivo: Person, version: int, text: str, reason: str = "") -> None:
    ivo.does(
        save_mapping, mapping_id="north", version=version, title="North", text=text, reason=reason
    )


def test_versions_are_listed_with_what_changed(ivo: Person) -> None:
    assert "No mapping is on the record yet." in body(signed_in("luis").get("/imports/mappings/"))
    keep(ivo, 1, "a: 1\nb: 2\n")
    keep(ivo, 2, "a: 1\nb: <3>\nc: 4\n", "a new column")
    client = signed_in("luis")
    assert "/imports/mappings/north/2/" in body(client.get("/imports/mappings/"))
    text = client.get("/imports/mappings/north/2/").content.decode()
    for part in ("a new column", "Ivo Kunz", "b: &lt;3&gt;", "added", "removed", "version 1"):
        assert part in text
    first = body(client.get("/imports/mappings/north/1/"))
    assert "What it changed" not in first
    file = client.get("/imports/mappings/north/2/?format=yaml")
    assert file.content.decode() == mapping_versions("north")[0].text
    assert client.get("/imports/mappings/north/3/").status_code == 404


def test_difference_shows_changes_with_lines_around() -> None:
    before = "\n".join(f"line {n}" for n in range(1, 21))
    after = before.replace("line 10", "line ten") + "\nline 21"
    found = saved.difference(before, after)
    kinds = [line.kind for line in found]
    assert kinds.count("gap") == 2
    changed = [
        (line.kind, line.text, line.before, line.after)
        for line in found
        if line.kind in {"added", "removed"}
    ]
    assert changed == [
        ("removed", "line 10", 10, 0),
        ("added", "line ten", 0, 10),
        ("added", "line 21", 0, 21),
    ]
    assert saved.difference("a", "a") == []
