"""People's rows follow from the events alone: the whole life of an account, rebuilt."""

from __future__ import annotations

import pytest

from daytwo.kernel.errors import DaytwoError
from daytwo.kernel.ids import new_id
from daytwo.record.access import account
from daytwo.record.access import commands as c
from daytwo.record.access.models import Alert, Person, Refusal, RoleGrant, Token
from daytwo.record.access.queries import person
from daytwo.record.ledger.rebuild import compare, rebuild
from tests.conftest import PASSWORD
from tests.record.access.acts import join


@pytest.fixture
def life(site, ada):
    """A person joins, fails, is locked, unlocked, gets and loses a role and a token, and leaves."""
    zoe = join("zoe", "operator", name="Zoë Müller")
    for _ in range(5):
        with pytest.raises(DaytwoError):
            account.sign_in("zoe", "wrong")
    ada.does(c.unlock, person_id="zoe", reason="called")
    account.sign_in("zoe", PASSWORD)
    account.make_token(zoe.by, "lims", 10, command_id=new_id())
    ada.does(c.revoke_role, person_id="zoe", role="operator", reason="moves")
    with pytest.raises(DaytwoError):
        zoe.does(c.grant_role, person_id="zoe", role="quality", reason="me")
    ada.does(c.deactivate, person_id="zoe", reason="left")


def test_rows_are_what_the_events_left(life):
    row = Person.objects.get(id="zoe")
    assert (row.name, row.status, row.must_change, row.failures) == (
        "Zoë Müller",
        "deactivated",
        False,
        0,
    )
    assert row.registered_at < row.verified_at < row.attested_at < row.last_signed_in_at
    (grant,) = RoleGrant.objects.filter(person_id="zoe")
    assert grant.revoked_by == "Ada Lang"
    assert person("zoe").roles == ()
    (token,) = Token.objects.filter(person_id="zoe")
    assert token.revoked
    (refusal,) = Refusal.objects.filter(person_id="zoe")
    assert (refusal.command, refusal.code) == ("access.grant_role", "access.not_permitted")
    (alert,) = Alert.objects.filter(subject="zoe")
    assert (alert.kind, alert.open) == ("account locked", False)


def test_rows_made_anew_are_the_same(life):
    assert compare().equal
    rebuild()
    assert compare().equal
    test_rows_are_what_the_events_left(None)


def test_locked_account_that_is_closed_has_no_open_alert(site, ada):
    for _ in range(5):
        with pytest.raises(DaytwoError):
            account.sign_in("olga", "wrong")
    ada.does(c.deactivate, person_id="olga", reason="left")
    assert not Alert.objects.filter(subject="olga", open=True)
    assert person("olga").status == "deactivated"
