"""What review and disposition ask for, as predicates."""

from __future__ import annotations

import pytest

from daytwo.kernel.errors import Refused
from daytwo.record.access.enums import Role
from daytwo.record.release.rules import (
    Blocker,
    check_independent,
    check_may_decide,
    check_no_blockers,
)


def code(check, *arguments: object) -> str:
    with pytest.raises(Refused) as refused:
        check(*arguments)
    return refused.value.code


@pytest.mark.requirement("R40")
@pytest.mark.parametrize("role", Role)
def test_only_a_qualified_person_releases_and_others_may_reject(role):
    check_may_decide("rejected", {role})
    if role is Role.QUALIFIED_PERSON:
        check_may_decide("released", {role})
    else:
        assert code(check_may_decide, "released", {role}) == "release.qualified_person"


@pytest.mark.parametrize("decision", ["", "Released", "perhaps", "imported", "reviewed"])
def test_any_other_decision_is_refused(decision):
    assert code(check_may_decide, decision, {Role.QUALIFIED_PERSON}) == "release.decision"


@pytest.mark.requirement("R36")
def test_every_blocker_is_named():
    check_no_blockers([])
    blockers = [Blocker("deviation", f"Deviation {n} open", f"deviation/{n}") for n in range(9)]
    with pytest.raises(Refused) as refused:
        check_no_blockers(blockers)
    assert len(refused.value.info["blockers"]) == 9
    assert "9 things stand" in str(refused.value)


@pytest.mark.requirement("R09")
def test_reviewer_is_none_of_the_doers():
    check_independent("quinn", set(), "the review")
    assert code(check_independent, "olga", {"olga"}, "the review") == "segregation.not_independent"
