"""Accounts from outside: sign in and out, own password, second factor, tokens, the first person."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest

from daytwo.kernel.clock import clock_set, now
from daytwo.kernel.errors import DaytwoError
from daytwo.kernel.ids import is_id, new_id
from daytwo.record.access import account
from daytwo.record.access import commands as c
from daytwo.record.access.authority import By
from daytwo.record.access.clockwatch import forget_anchor
from daytwo.record.access.errors import CredentialsRefused
from daytwo.record.access.hashing import hash_password
from daytwo.record.access.queries import person, token_person
from daytwo.record.access.rules import PASSWORD_DAYS_MOST
from daytwo.record.ledger.reading import search, stream_events
from daytwo.record.ledger.rebuild import compare
from tests.conftest import PASSWORD, Person
from tests.record.access.acts import Watch, join, refused

NEW = "quite another passphrase"


@pytest.mark.requirement("R22")
def test_sign_in_and_out_stand_in_a_log_that_can_be_searched(site):
    session = account.sign_in("olga", PASSWORD, channel="web")
    assert is_id(session.session_id)
    assert (session.person_id, session.method) == ("olga", "password")
    account.sign_out(By("olga", session.session_id), "idle")
    began, ended = stream_events("person/olga")[-2:]
    assert (began.type, began.data.session_id) == ("access.signed_in", session.session_id)
    assert (ended.type, ended.data.cause) == ("access.signed_out", "idle")
    found = search(actor="olga", type_="access.signed", since=began.recorded_text)
    assert [e.type for e in found] == ["access.signed_out", "access.signed_in"]


def test_each_sign_in_is_a_session_of_its_own(site):
    first, second = (account.sign_in("olga", PASSWORD) for _ in range(2))
    assert first.session_id != second.session_id


def test_sign_out_of_nobody_is_nothing(site):
    watch = Watch()
    account.sign_out(By("nobody", "x"))
    assert watch.events() == []


@pytest.mark.requirement("R20")
def test_own_password_is_changed_with_proof_of_the_old_one(site, olga):
    with pytest.raises(CredentialsRefused):
        account.change_own_password(olga.by, "wrong", NEW, command_id=new_id())
    account.change_own_password(olga.by, PASSWORD, NEW, command_id=new_id())
    with pytest.raises(CredentialsRefused):
        account.sign_in("olga", PASSWORD)
    account.sign_in("olga", NEW)
    last = [e for e in stream_events("person/olga") if e.type == "access.credential.set"][-1]
    assert not last.data.must_change
    assert NEW not in repr(last)
    assert compare().equal


WEAK = ("", "short", "a" * 16, "olga brandt 123456", "x-olga-x-olga", "abc\x00defghijkl")


def test_weak_password_is_refused(site, olga):
    for weak in WEAK:
        with pytest.raises(DaytwoError) as told:
            account.change_own_password(olga.by, PASSWORD, weak, command_id=new_id())
        assert told.value.code == "segregation.password"
    account.sign_in("olga", PASSWORD)


def test_same_password_is_no_change(site, olga):
    with pytest.raises(DaytwoError, match="another password"):
        account.change_own_password(olga.by, PASSWORD, PASSWORD, command_id=new_id())


@pytest.mark.requirement("R20")
def test_reset_gives_a_random_password_that_must_be_changed(site, ada, olga):
    given = {
        account.reset_password(ada.by, "olga", "forgotten", command_id=new_id()) for _ in range(3)
    }
    assert len(given) == 3
    assert min(map(len, given)) >= 16
    with pytest.raises(CredentialsRefused):
        account.sign_in("olga", PASSWORD)
    assert person("olga").must_change
    assert stream_events("person/olga")[-2].type == "access.credential.set"


TOKEN = {"token_id": "t-1", "name": "x", "secret_digest": "d", "days": 1}


@pytest.mark.requirement("R21")
def test_password_ages_and_must_be_changed(issued, olga):
    """A password that was right for a year opens nothing but the change of itself."""
    from daytwo.record.batches import commands as b
    from tests import floor

    later = now() + timedelta(days=PASSWORD_DAYS_MOST, hours=1)
    with clock_set(lambda: later):
        account.sign_in("olga", PASSWORD)
        assert person("olga").must_change
        where = {"batch_id": floor.BATCH, "step_id": "DSP-010"}
        refused("access.must_change", olga, b.claim_step, **where)
        account.change_own_password(olga.by, PASSWORD, NEW, command_id=new_id())
        assert not person("olga").must_change
        olga.does(b.claim_step, **where)
    forget_anchor()


@pytest.mark.requirement("R22")
def test_second_factor_is_made_and_confirmed(site, olga):
    secret, address = account.new_totp("olga")
    assert "issuer=daytwo" in address
    account.confirm_totp(olga.by, secret, pyotp.TOTP(secret).now(), command_id=new_id())
    assert person("olga").totp
    last = stream_events("person/olga")[-1]
    assert last.type == "access.totp.enrolled"
    assert secret not in repr(last)


def test_token_is_shown_once_and_works_until_it_ends(site, olga):
    secret = account.make_token(olga.by, "lims", 1, command_id=new_id())
    assert secret.startswith("dt_")
    assert token_person(secret)[0].id == "olga"
    with pytest.raises(DaytwoError):
        account.make_token(olga.by, "lims", 4000, command_id=new_id())


def test_first_administrator_opens_an_empty_site_only(site):
    watch = Watch()
    with pytest.raises(DaytwoError) as told:
        account.first_administrator("boss", "Boss Lang", "a long enough passphrase")
    assert told.value.code == "access.not_empty"
    assert watch.events() == []


@pytest.mark.requirement("R18")
def test_first_administrator_was_installed_and_cannot_sign_until_verified(site, ada):
    first = stream_events("person/ada")[:3]
    assert [e.actor.id for e in first] == ["system.init"] * 3
    assert [e.type for e in first] == [
        "access.person.registered",
        "access.role.granted",
        "access.credential.set",
    ]
    assert first[1].reason == "installation"
    assert not person("ada").verified
    second = join("boss", "administrator")
    second.does(c.verify_identity, person_id="ada", document="passport seen")
    assert person("ada").verified


def test_account_without_a_password_lets_nobody_in(site, ada):
    ada.does(c.register_person, person_id="zoe", name="Zoe")
    for password in ("", PASSWORD):
        with pytest.raises(CredentialsRefused):
            account.sign_in("zoe", password)


def test_encoded_password_is_no_password(site):
    """Who has read the database cannot sign in with what stands there."""
    encoded = hash_password(PASSWORD)
    with pytest.raises(CredentialsRefused):
        account.sign_in("olga", encoded)
    assert Person("olga").id == "olga"
