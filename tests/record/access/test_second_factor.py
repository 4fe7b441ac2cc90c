"""A second factor that is asked of a role: nothing opens without it, and asking is an act."""

from __future__ import annotations

import pyotp
import pytest

from daytwo.kernel.clock import now
from daytwo.kernel.ids import new_id
from daytwo.record.access import account
from daytwo.record.access import commands as c
from daytwo.record.access.errors import CredentialsRefused
from daytwo.record.access.queries import open_alerts, people, person, second_factors
from daytwo.record.batches import commands as b
from daytwo.record.ledger.rebuild import compare
from tests import floor
from tests.conftest import PASSWORD, Person
from tests.record.access.acts import refused, sign

WHERE = {"batch_id": floor.BATCH, "step_id": "DSP-010"}
pytestmark = pytest.mark.requirement("R22")


def enrol(who: Person) -> str:
    """Enrol a second factor and return its secret."""
    secret, _ = account.new_totp(who.id)
    account.confirm_totp(who.by, secret, pyotp.TOTP(secret).at(now()), command_id=new_id())
    return secret


def demand(ada: Person, role: str = "operator", reason: str = "terminals outside the plant"):
    return ada.does(c.require_second_factor, role=role, reason=reason)


def test_role_that_asks_for_it_opens_nothing_without_it(issued, ada, olga):
    demand(ada)
    assert person("olga").must_enrol
    refused("access.must_enrol", olga, b.claim_step, **WHERE)
    enrol(olga)
    assert not person("olga").must_enrol
    olga.does(b.claim_step, **WHERE)


def test_signature_that_was_shown_before_the_demand_is_refused_after_it(issued, ada, olga):
    act = {**WHERE, "entry": floor.entry_for("DSP-010")}
    statement = b.complete_step.rehearse(olga.by, **act)
    demand(ada)
    refused(
        "access.must_enrol",
        olga,
        b.complete_step,
        lambda: sign(olga, b.complete_step, challenge=statement.challenge, **act),
    )


def test_factor_that_is_lost_must_be_enrolled_again(issued, ada, olga):
    demand(ada)
    enrol(olga)
    ada.does(c.remove_totp, person_id="olga", reason="telephone lost")
    refused("access.must_enrol", olga, b.claim_step, **WHERE)


def test_demand_is_an_act_of_an_administrator_with_a_reason(site, ada, olga):
    why = {"role": "operator", "reason": "remote"}
    refused("access.not_permitted", olga, c.require_second_factor, **why)
    refused("access.reason_missing", ada, c.require_second_factor, **why | {"reason": " "})
    refused("access.role_unknown", ada, c.require_second_factor, **why | {"role": "pilot"})
    refused("access.factor_not_required", ada, c.lift_second_factor, **why)
    demand(ada, reason="remote")
    refused("access.factor_required", ada, c.require_second_factor, **why)
    (row,) = second_factors()
    assert (row.role, row.required_by, row.reason) == ("operator", "Ada Lang", "remote")
    everybody = people()
    assert {p.id for p in everybody if p.must_enrol} == {
        p.id for p in everybody if "operator" in p.roles
    }
    assert {p.id: p.must_enrol for p in everybody} == {
        p.id: person(p.id).must_enrol for p in everybody
    }
    assert compare().equal


def test_demand_that_is_lifted_raises_an_alert_and_leaves_factors_in_force(site, ada, olga):
    demand(ada)
    enrol(olga)
    ada.does(c.lift_second_factor, role="operator", reason="terminals moved inside")
    assert [(a.kind, a.subject) for a in open_alerts()] == [("second factor lifted", "operator")]
    with pytest.raises(CredentialsRefused):
        account.sign_in("olga", PASSWORD)
    assert not person("otto").must_enrol
    assert second_factors() == []
    assert compare().equal
