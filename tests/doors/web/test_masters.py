"""Master batch records."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from daytwo.kernel.ids import new_id
from daytwo.record.recipes.models import MbrVersion
from daytwo.record.recipes.queries import version, versions
from tests import floor
from tests.doors.web.conftest import perform, signed_in

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

NEXT = floor.EXAMPLE.replace("Check the booth", "Check the whole booth")


def draft(client: Client, text: str, **more: str) -> object:
    fields = {"command_id": new_id(), "yaml": text, "reason": "clearer", **more}
    return client.post("/masters/draft/", fields)


@pytest.mark.requirement("R29")
def test_version_is_drafted_submitted_and_approved_by_two(walked: Path) -> None:
    aron, sam, quinn = signed_in("aron"), signed_in("sam"), signed_in("quinn")
    assert draft(aron, NEXT)["Location"] == "/masters/M-0001/2/"
    assert perform(aron, "/masters/M-0001/2/submit/").status_code == 302
    assert "Production, Quality" in aron.get("/masters/").content.decode()
    assert perform(sam, "/masters/M-0001/2/check/").status_code == 302
    assert version("M-0001", 2).status == "submitted"
    assert perform(quinn, "/masters/M-0001/2/approve/").status_code == 302
    assert [(v.version, v.status) for v in versions("M-0001")] == [
        (2, "effective"),
        (1, "superseded"),
    ]
    text = quinn.get("/masters/M-0001/2/").content.decode()
    for name in ("Aron Huber", "Sam Keller", "Quinn Meier"):
        assert name in text


@pytest.mark.requirement("R23")
def test_author_does_not_approve(walked: Path) -> None:
    aron = signed_in("aron")
    draft(aron, NEXT)
    perform(aron, "/masters/M-0001/2/submit/")
    answer = aron.post("/masters/M-0001/2/approve/", {"command_id": new_id()})
    assert answer.status_code == 403


def test_who_approves_sees_what_changed(walked: Path) -> None:
    aron, quinn = signed_in("aron"), signed_in("quinn")
    draft(aron, NEXT)
    perform(aron, "/masters/M-0001/2/submit/")
    text = quinn.get("/masters/M-0001/2/").content.decode()
    assert "What changed since version 1" in text
    (gone,), (come,) = (re.findall(f"<{tag}>(.*?)</{tag}>", text) for tag in ("del", "ins"))
    assert "Check the booth" in gone
    assert come == gone.replace("Check the booth", "Check the whole booth")
    assert "What changed" not in quinn.get("/masters/M-0001/1/").content.decode()


def test_submitted_version_is_returned_with_a_reason(walked: Path) -> None:
    aron, quinn = signed_in("aron"), signed_in("quinn")
    draft(aron, NEXT)
    perform(aron, "/masters/M-0001/2/submit/")
    path = "/masters/M-0001/2/return/"
    assert quinn.post(path, {"command_id": new_id(), "reason": ""}).status_code == 409
    sent = {"command_id": new_id(), "reason": "Limits are missing."}
    assert quinn.post(path, sent).status_code == 302
    assert "Limits are missing." in aron.get("/masters/M-0001/2/").content.decode()


def test_findings_show_before_anything_is_saved(walked: Path) -> None:
    client = signed_in("aron")
    broken = NEXT.replace("criticality: GMP", "criticality: important")
    text = draft(client, broken, look="1").content.decode()
    assert "error" in text
    assert "criticality: important" in text
    assert len(versions("M-0001")) == 1


def test_text_that_is_no_record_is_refused_and_kept(walked: Path) -> None:
    answer = draft(signed_in("aron"), "not: [a record")
    assert answer.status_code == 409
    assert "not: [a record" in answer.content.decode()


def test_draft_begins_from_the_latest_text(walked: Path) -> None:
    client = signed_in("aron")
    assert "Check the booth" in client.get("/masters/draft/?of=M-0001").content.decode()
    assert client.get("/masters/draft/?of=M-9").status_code == 200


def test_version_is_readable_and_given_as_text(walked: Path) -> None:
    client = signed_in("olga")
    text = client.get("/masters/M-0001/1/").content.decode()
    for part in (
        "Lactose monohydrate",
        "240\u202f000\u00a0tablets",
        "GRN-090",
        "Performed and verified",
    ):
        assert part in text
    assert client.get("/masters/M-0001/1/text/").content.decode() == floor.EXAMPLE
    assert client.get("/masters/M-0001/9/").status_code == 404
    assert client.post("/masters/M-0001/1/burn/", {}).status_code == 404


def test_version_without_a_text_here_is_no_error(walked: Path) -> None:
    MbrVersion.objects.filter(mbr_id="M-0001").update(status="imported", yaml="")
    page = signed_in("aron").get("/masters/M-0001/1/").content.decode()
    assert "Another system holds the text of this version" in page
    assert "The document is empty" not in page
    assert "As text" not in page
