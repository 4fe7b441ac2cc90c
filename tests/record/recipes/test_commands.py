"""Verbs of masters: drafted, submitted, returned, approved by two who are not authors."""

from __future__ import annotations

import pytest

from daytwo.kernel.errors import Unknown
from daytwo.record.access import commands as people
from daytwo.record.access.queries import signatures
from daytwo.record.ledger.reading import stream_events
from daytwo.record.recipes import commands as r
from daytwo.record.recipes.queries import approvals, submission, version, versions
from daytwo.record.recipes.rules import missing_functions
from tests import floor
from tests.conftest import CAST, Person
from tests.record.attack import refused
from tests.record.recipes.example import TEXT, changed

MBR = floor.MASTER.id
STREAM = f"mbr/{MBR}"
ONE = {"mbr_id": MBR, "number": 1}


def draft(person, text: str = TEXT, why: str = "first version"):
    return person.does(r.draft, mbr_id=MBR, yaml=text, reason=why)


def retitled(title: str) -> str:
    return changed(lambda _, steps: steps["CMP-060"].update(title=title))


@pytest.fixture
def submitted(site, aron):
    draft(aron)
    aron.does(r.submit, **ONE)
    return site


@pytest.mark.requirement("R29")
def test_master_is_effective_when_production_and_quality_have_signed(submitted, sam, quinn):
    assert missing_functions(submission(version(MBR, 1)), approvals(MBR, 1)) == {
        "production",
        "quality",
    }
    sam.does(r.check, **ONE)
    assert version(MBR, 1).status == "submitted"
    types = [e.type for e in quinn.does(r.approve, **ONE).events]
    assert types == ["access.signature.applied", "mbr.approved", "mbr.effective"]
    row = version(MBR, 1)
    assert (row.status, row.authors) == ("effective", "aron")
    assert row.requested_at <= row.drafted_at <= row.submitted_at <= row.effective_at
    signed = signatures(STREAM, {"version/1": ""})
    assert [(s.meaning, s.signer_name, s.role) for s in signed] == [
        ("prepared", "Aron Huber", "author"),
        ("checked", "Sam Keller", "supervisor"),
        ("approved", "Quinn Meier", "quality"),
    ]
    assert len({s.content_sha256 for s in signed}) == 1  # all three signed the same content


@pytest.mark.requirement("R29")
def test_order_of_the_two_approvals_does_not_matter(submitted, sam, quinn):
    quinn.does(r.approve, **ONE)
    sam.does(r.check, **ONE)
    assert version(MBR, 1).status == "effective"


@pytest.mark.requirement("R23")
@pytest.mark.parametrize("name", [*CAST, "ada"])
def test_rights_on_masters_are_those_of_the_matrix(submitted, name):
    person, roles = Person(name), CAST.get(name, ("", ("administrator",)))[1]
    for verb, role, given in (
        (r.draft, "author", {"yaml": TEXT, "reason": "attempt"}),
        (r.submit, "author", {"number": 1}),
        (r.check, "supervisor", {"number": 1}),
        (r.approve, "quality", {"number": 1}),
    ):
        if role not in roles:
            with refused("access.not_permitted", person, verb.name, STREAM):
                person.does(verb, mbr_id=MBR, **given)
    if not {"supervisor", "quality"} & set(roles):
        with refused("access.not_permitted", person, "mbr.return", STREAM):
            person.does(r.return_version, **ONE, reason="attempt")


@pytest.mark.requirement("R23")
def test_who_only_submitted_or_drafted_once_is_an_author_too(site, ada, aron, sam, quinn):
    ada.does(people.grant_role, person_id="quinn", role="author", reason="to attempt it")
    draft(quinn)
    draft(aron, retitled("Weight"), "")  # a later draft by another
    aron.does(r.submit, **ONE)
    assert version(MBR, 1).authors == "aron quinn"
    with refused("mbr.own_approval", quinn, "mbr.approve", STREAM):
        quinn.does(r.approve, **ONE)


@pytest.mark.requirement("R06")
@pytest.mark.requirement("R29")
def test_return_with_its_reason_voids_the_approvals(submitted, aron, sam, quinn):
    sam.does(r.check, **ONE)
    for reason in ("", " \n"):
        with refused("mbr.reason", quinn, "mbr.return", STREAM):
            quinn.does(r.return_version, **ONE, reason=reason)
    quinn.does(r.return_version, **ONE, reason="limits of the weight are missing")
    row = version(MBR, 1)
    assert (row.status, row.return_reason) == ("returned", "limits of the weight are missing")
    assert stream_events(STREAM)[-1].reason == "limits of the weight are missing"
    for person, verb in ((sam, r.check), (quinn, r.approve)):
        with refused("mbr.transition", person, verb.name, STREAM):
            person.does(verb, **ONE)

    draft(aron, TEXT, "")  # even the very same text
    aron.does(r.submit, **ONE)
    assert version(MBR, 1).approval_round == 2
    quinn.does(r.approve, **ONE)
    assert version(MBR, 1).status == "submitted"  # the check of the first round does not count
    sam.does(r.check, **ONE)
    assert version(MBR, 1).status == "effective"


def test_submitted_text_cannot_be_changed_under_the_approvers(submitted, aron):
    with refused("mbr.version", aron, "mbr.draft", STREAM):
        draft(aron, retitled("Weight"), "a quiet change")
    with refused("mbr.transition", aron, "mbr.submit", STREAM):
        aron.does(r.submit, **ONE)


@pytest.mark.requirement("R30")
def test_new_version_supersedes_and_the_old_one_stays_as_it_was(submitted, aron, sam, quinn):
    sam.does(r.check, **ONE)
    quinn.does(r.approve, **ONE)
    first = version(MBR, 1).content_hash
    with refused("mbr.reason", aron, "mbr.draft", STREAM):
        draft(aron, retitled("Weight"), " ")
    draft(aron, retitled("Weight"), "clearer words")
    assert version(MBR, 1).status == "effective"
    two = {"mbr_id": MBR, "number": 2}
    aron.does(r.submit, **two)
    sam.does(r.check, **two)
    types = [e.type for e in quinn.does(r.approve, **two).events]
    assert types[-2:] == ["mbr.superseded", "mbr.effective"]
    assert [(v.version, v.status) for v in versions(MBR)] == [(2, "effective"), (1, "superseded")]
    old = version(MBR, 1)
    assert (old.content_hash, old.yaml) == (first, TEXT)
    for person, verb in ((aron, r.submit), (sam, r.check), (quinn, r.approve)):
        with refused("mbr.transition", person, verb.name, STREAM):
            person.does(verb, **ONE)


def test_text_of_another_master_is_refused(site, aron):
    with refused("mbr.id", aron, "mbr.draft", "mbr/M-0002"):
        aron.does(r.draft, mbr_id="M-0002", yaml=TEXT, reason="attempt")


@pytest.mark.requirement("R29")
@pytest.mark.parametrize("text", ["", "format: 1", "[]", "{", "\u0000", "a: &a [*a]", "x" * 100])
def test_text_that_is_no_master_is_refused(site, aron, text):
    code = "command.text" if text == "\u0000" else "mbr.document"
    with pytest.raises(Exception, match=r"\S") as caught:
        draft(aron, text)
    assert caught.value.code == code
    assert versions(MBR) == []


@pytest.mark.requirement("R29")
def test_master_with_an_error_can_be_drafted_and_not_submitted(site, aron):
    def forget_the_limits(content, steps):
        for key in ("alert_low", "alert_high", "action_low", "action_high"):
            steps["CMP-060"].pop(key)

    draft(aron, changed(forget_the_limits))
    with refused("mbr.document", aron, "mbr.submit", STREAM):
        aron.does(r.submit, **ONE)
    assert version(MBR, 1).status == "drafted"


def test_unknown_version_is_named(submitted, aron, sam, quinn):
    for person, verb in ((aron, r.submit), (sam, r.check), (quinn, r.approve)):
        with pytest.raises(Unknown, match="version 2"):
            person.does(verb, mbr_id=MBR, number=2)
