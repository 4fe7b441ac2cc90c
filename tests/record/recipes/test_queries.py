"""Readings of masters: the content of a hash, and nothing else under that hash."""

from __future__ import annotations

import pytest

from daytwo.kernel.errors import Tampered, Unknown
from daytwo.record.recipes import commands as r
from daytwo.record.recipes import queries
from daytwo.record.recipes.models import MbrVersion
from tests import floor
from tests.record.recipes.example import TEXT, changed

MBR = floor.MASTER.id


def test_versions_are_listed_latest_first_and_by_record(issued, aron):
    aron.does(r.draft, mbr_id=MBR, yaml=TEXT, reason="next")
    assert [v.version for v in queries.versions(MBR)] == [2, 1]
    assert [v.version for v in queries.versions()] == [2, 1]
    assert queries.versions("M-9999") == []
    assert [v.version for v in queries.effective_versions()] == [1]
    with pytest.raises(Unknown, match="version 3"):
        queries.version(MBR, 3)


@pytest.mark.requirement("R30")
def test_content_is_shown_only_under_its_own_hash(issued):
    hash_ = queries.version(MBR, 1).content_hash
    assert queries.document(MBR, 1, hash_) == floor.MASTER
    assert list(queries.placed_steps(MBR, 1, hash_)) == [p.step.id for p in floor.MASTER.steps()]
    with pytest.raises(Tampered):
        queries.document(MBR, 1, "0" * 64)


@pytest.mark.requirement("R30")
def test_stored_text_that_was_changed_is_not_taken_for_the_approved_one(issued):
    hash_ = queries.version(MBR, 1).content_hash
    wider = changed(lambda _, steps: steps["CMP-060"].update(action_high="216.0 mg"))
    MbrVersion.objects.filter(mbr_id=MBR).update(yaml=wider)
    queries._issued.cache_clear()
    with pytest.raises(Tampered):
        queries.document(MBR, 1, hash_)
    queries._issued.cache_clear()


@pytest.mark.requirement("R29")
def test_submission_and_approvals_are_what_the_rules_ask_for(site, aron, sam):
    aron.does(r.draft, mbr_id=MBR, yaml=TEXT, reason="first version")
    aron.does(r.submit, mbr_id=MBR, number=1)
    sam.does(r.check, mbr_id=MBR, number=1)
    under = queries.submission(queries.version(MBR, 1))
    assert (under.approval_round, under.authors) == (1, {"aron"})
    [given] = queries.approvals(MBR, 1)
    assert (given.person, given.function, given.content_hash) == (
        "sam",
        "production",
        under.content_hash,
    )
