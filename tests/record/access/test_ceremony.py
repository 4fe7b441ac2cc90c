"""The signature ceremony: each test attempts what must not be possible."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from functools import partial

import pyotp
import pytest
from django.core import signing as django_signing
from django.db import connection

from daytwo.kernel.canonical import digest
from daytwo.kernel.clock import clock_set, now
from daytwo.kernel.errors import DaytwoError, Tampered
from daytwo.kernel.ids import new_id
from daytwo.record.access import account, ceremony
from daytwo.record.access import commands as c
from daytwo.record.access.authority import By
from daytwo.record.access.bearer import bearer
from daytwo.record.access.clockwatch import forget_anchor
from daytwo.record.access.errors import CredentialsRefused
from daytwo.record.access.hashing import digest_of, hash_password
from daytwo.record.access.queries import open_alerts, person
from daytwo.record.access.rules import (
    FAILURES_BEFORE_LOCK,
    FAILURES_BEFORE_SILENCE,
    SIGNING_SECONDS,
)
from daytwo.record.batches import commands as b
from daytwo.record.batches import queries as q
from daytwo.record.ledger.reading import search, stream_events
from daytwo.record.ledger.rebuild import compare
from daytwo.record.ledger.sql import execute, fetch_all
from daytwo.record.release.queries import all_signatures
from tests import floor
from tests.conftest import CAST, PASSWORD, Person
from tests.record.access.acts import Watch, join, refused, sign
from tests.record.ledger.crowd import at_once

STEP = {"batch_id": floor.BATCH, "step_id": "DSP-010"}
NEXT = {"batch_id": floor.BATCH, "step_id": "DSP-020"}


def first() -> dict:
    """Return what completes the batch's first step, which two persons sign."""
    return {**STEP, "entry": floor.entry_for("DSP-010")}


def signatures() -> list:
    return all_signatures(q.batch(floor.BATCH))


# ------------------------------------------------------------------ what a signature says


@pytest.mark.requirement("R14")
def test_signature_says_who_when_in_which_zone_and_what_it_means(issued, olga, otto):
    before = now()
    sign(olga, b.complete_step, **first())
    sign(otto, b.verify_step, **STEP)
    done, checked = signatures()
    assert (done.signer_name, done.meaning, done.role) == ("Olga Brandt", "performed", "operator")
    assert (checked.signer_name, checked.meaning) == ("Otto Vogel", "verified")
    assert before <= done.signed_at <= checked.signed_at <= now()
    assert done.signed_at.utcoffset() == timedelta(0)
    assert done.time_zone == "Europe/Zurich"
    assert done.method == "password"
    assert (done.record, done.subject) == (f"batch/{floor.BATCH}", "step/DSP-010")
    assert done.state == checked.state == "valid"


@pytest.mark.requirement("R16")
def test_signature_is_bound_to_record_version_and_content(issued, olga):
    statement = b.complete_step.rehearse(olga.by, **first())
    receipt = sign(olga, b.complete_step, challenge=statement.challenge, **first())
    (event,) = (e for e in receipt.events if e.type == "access.signature.applied")
    assert event.stream == event.data.record == statement.record == f"batch/{floor.BATCH}"
    assert event.data.record_version == statement.record_version == receipt.events[0].version - 1
    assert event.data.content_sha256 == statement.sha256 == digest(dict(statement.content))
    signed = statement.content["entry"]
    assert {name: item["answer"] for name, item in signed.items()} == first()["entry"]
    assert "booth is clean" in signed["item-2"]["item"]
    assert statement.content["performer"] == "olga"


# ------------------------------------------------------------------ authenticate at each signing


@pytest.mark.requirement("R19")
def test_session_alone_signs_nothing(issued, olga):
    refused(
        "signature.missing",
        olga,
        b.complete_step,
        lambda: b.complete_step(olga.by, command_id=new_id(), **first()),
    )
    assert signatures() == []


@pytest.mark.requirement("R19")
def test_each_signing_asks_for_the_password_again(issued, olga, otto):
    sign(olga, b.complete_step, **first())
    sign(otto, b.verify_step, **STEP)
    arguments = {**NEXT, "entry": floor.entry_for("DSP-020")}
    refused(
        "access.credentials",
        olga,
        b.complete_step,
        lambda: sign(olga, b.complete_step, password="", **arguments),
    )
    sign(olga, b.complete_step, **arguments)


@pytest.mark.requirement("R19")
def test_used_signature_signs_nothing_again(issued, olga, otto):
    """Replayed for the same act, and for a later act of the same person and meaning."""
    challenge = b.complete_step.rehearse(olga.by, **first()).challenge
    sign(olga, b.complete_step, challenge=challenge, **first())
    refused(
        "step.done",
        olga,
        b.complete_step,
        lambda: sign(olga, b.complete_step, challenge=challenge, **first()),
    )
    sign(otto, b.verify_step, **STEP)
    arguments = {**NEXT, "entry": floor.entry_for("DSP-020")}
    refused(
        "signature.replayed",
        olga,
        b.complete_step,
        lambda: sign(olga, b.complete_step, challenge=challenge, **arguments),
    )
    assert len(signatures()) == 2


@pytest.mark.requirement("R19")
def test_one_answered_challenge_sent_at_once_signs_once(issued, olga):
    challenge = b.complete_step.rehearse(olga.by, **first()).challenge
    send = lambda: sign(olga, b.complete_step, challenge=challenge, **first())  # noqa: E731
    outcomes = at_once([send] * 4)
    assert sum(isinstance(outcome, DaytwoError) for outcome in outcomes) == 3
    assert len(signatures()) == 1


def forged(**values: str | int) -> str:
    """Return a challenge that the server made, but for something else."""
    statement = b.complete_step.rehearse(Person("olga").by, **first())
    made = {
        "person": "olga",
        "session": "session-olga",
        "meaning": statement.meaning,
        "record": statement.record,
        "version": statement.record_version,
        "subject": statement.subject,
        "sha256": statement.sha256,
    } | values
    record = (str(made["record"]), int(made["version"]), str(made["subject"]))
    who = (str(made["person"]), str(made["session"]), str(made["meaning"]))
    return ceremony.make_challenge(*who, record, str(made["sha256"]))


OTHERS = (
    ({"person": "otto"}, "challenge"),
    ({"session": "session-otto"}, "challenge"),
    ({"session": "session-olga-later"}, "challenge"),
    ({"meaning": "verified"}, "challenge"),
    ({"meaning": "approved"}, "challenge"),
    ({"record": "batch/B-0002"}, "content_changed"),
    ({"version": 0}, "content_changed"),
    ({"subject": "step/DSP-020"}, "content_changed"),
    ({"sha256": "0" * 64}, "content_changed"),
)


@pytest.mark.requirement("R16")
def test_challenge_for_something_else_is_refused(issued, olga):
    for values, code in OTHERS:
        act = partial(sign, olga, b.complete_step, challenge=forged(**values), **first())
        refused(f"signature.{code}", olga, b.complete_step, act)
    sign(olga, b.complete_step, challenge=forged(), **first())


@pytest.mark.requirement("R16")
def test_challenge_that_the_server_did_not_make_is_refused(issued, olga):
    for challenge in ("x", "a.b.c", "", ":" * 9, "é", "\ud800", "\x00", "x" * 10_000):
        signing = ceremony.Signing(challenge, PASSWORD)
        act = partial(b.complete_step, olga.by, signing=signing, **first())
        refused("signature.challenge", olga, b.complete_step, partial(act, command_id=new_id()))


@pytest.mark.requirement("R16")
def test_challenge_signed_with_another_key_or_changed_is_refused(issued, olga):
    good = forged()
    body = django_signing.loads(good, salt="daytwo.signature")
    other = django_signing.dumps(body, key="another key", salt="daytwo.signature")
    salt = django_signing.dumps(body, salt="daytwo.other")
    for challenge in (other, salt, good[:-1], good.swapcase(), "A" + good):
        with pytest.raises(DaytwoError, match="not a statement that was shown"):
            sign(olga, b.complete_step, challenge=challenge, **first())
    assert signatures() == []


@pytest.mark.requirement("R16")
def test_challenge_that_was_shown_too_long_ago_is_refused(issued, olga):
    class Earlier(django_signing.TimestampSigner):
        def timestamp(self) -> str:
            at = time.time() - SIGNING_SECONDS - 2
            return django_signing.b62_encode(int(at))

    body = django_signing.loads(forged(), salt="daytwo.signature")
    old = Earlier(salt="daytwo.signature").sign_object(body, compress=True)
    refused(
        "signature.expired",
        olga,
        b.complete_step,
        lambda: sign(olga, b.complete_step, challenge=old, **first()),
    )


@pytest.mark.requirement("R16")
def test_content_that_changed_since_it_was_shown_is_not_signed(issued, olga, otto):
    """Otto was shown Olga's entry; she corrects it before he signs."""
    sign(olga, b.complete_step, **first())
    stale = b.verify_step.rehearse(otto.by, **STEP).challenge
    olga.does(b.add_comment, batch_id=floor.BATCH, step_id=None, comment="something new")
    refused(
        "signature.content_changed",
        otto,
        b.verify_step,
        lambda: sign(otto, b.verify_step, challenge=stale, **STEP),
    )
    sign(otto, b.verify_step, **STEP)


@pytest.mark.requirement("R20")
def test_signature_is_its_owners_alone(issued, olga, otto):
    """Otto sits at Olga's session and knows only his own password; and the other way round."""
    challenge = b.complete_step.rehearse(olga.by, **first()).challenge
    execute(
        "UPDATE access_credential SET password = %s WHERE person_id = 'otto'",
        (other := hash_password("ottos own password"),),
    )
    execute(
        "UPDATE access_person SET credential_digest = %s WHERE id = 'otto'", (digest_of(other),)
    )
    with pytest.raises(CredentialsRefused):
        sign(olga, b.complete_step, challenge=challenge, password="ottos own password", **first())
    with pytest.raises(DaytwoError, match="another person"):
        sign(otto, b.complete_step, challenge=challenge, password="ottos own password", **first())
    assert signatures() == []


# ------------------------------------------------------------------ before the first signature


@pytest.mark.requirement("R18")
def test_person_whose_identity_was_not_verified_does_not_sign(issued, ada):
    zoe = join("zoe", "operator", ready=False)
    ada.does(c.set_password, person_id="zoe", encoded=hash_password(PASSWORD), reason="first")
    zoe.does(c.change_password, encoded=hash_password(PASSWORD))
    zoe.does(c.attest, statement=c.ATTESTATION)
    refused("signature.unverified", zoe, b.complete_step, **first())
    challenge = forged(person="zoe", session="session-zoe")
    refused(
        "signature.unverified",
        zoe,
        b.complete_step,
        lambda: sign(zoe, b.complete_step, challenge=challenge, **first()),
    )
    ada.does(c.verify_identity, person_id="zoe", document="passport seen")
    zoe.does(b.complete_step, **first())
    assert signatures()[0].signer_id == "zoe"


@pytest.mark.requirement("R24")
def test_person_who_has_not_accepted_accountability_does_not_sign(issued, ada):
    zoe = join("zoe", "operator", ready=False)
    ada.does(c.verify_identity, person_id="zoe", document="passport seen")
    ada.does(c.set_password, person_id="zoe", encoded=hash_password(PASSWORD), reason="first")
    zoe.does(c.change_password, encoded=hash_password(PASSWORD))
    refused("signature.unattested", zoe, b.complete_step, **first())
    zoe.does(c.attest, statement=c.ATTESTATION)
    zoe.does(b.complete_step, **first())
    order = [e.type for e in stream_events("person/zoe")]
    assert order.index("access.person.attested") > order.index("access.person.identity_verified")


@pytest.mark.requirement("R20")
def test_reset_password_must_be_changed_before_anything_is_signed(issued, ada, olga):
    challenge = forged()
    given = account.reset_password(ada.by, "olga", "forgotten", command_id=new_id())
    for act in (
        lambda: sign(olga, b.complete_step, challenge=challenge, password=given, **first()),
        lambda: sign(olga, b.complete_step, challenge=challenge, **first()),
        lambda: b.complete_step.rehearse(olga.by, **first()),
    ):
        refused("access.must_change", olga, b.complete_step, act)
    new = "quite another passphrase"
    account.change_own_password(olga.by, given, new, command_id=new_id())
    sign(olga, b.complete_step, password=new, **first())


@pytest.mark.requirement("R20")
def test_administrator_never_sees_a_secret(site, ada):
    """Neither events nor arguments that are kept hold a password, a hash or a seed."""
    given = account.reset_password(ada.by, "olga", "forgotten", command_id=new_id())
    secret, _ = account.new_totp("otto")
    code = pyotp.TOTP(secret).now()
    account.confirm_totp(Person("otto").by, secret, code, command_id=new_id())
    token = account.make_token(Person("otto").by, "lims", 3, command_id=new_id())
    everything = repr(fetch_all("SELECT * FROM ledger_event"))
    for hidden in (given, PASSWORD, secret, token, "argon2", "gAAAA"):
        assert hidden not in everything, hidden
    sealed = fetch_all("SELECT totp_sealed FROM access_credential WHERE person_id = 'otto'")[0][0]
    assert secret not in sealed
    assert ceremony.unseal(sealed) == secret


@pytest.mark.requirement("R20")
def test_refusals_and_logs_hold_no_secret(issued, ada, olga, caplog):
    """What went wrong is kept as well: with neither component of a signature in it."""
    caplog.set_level(logging.DEBUG)
    secret = enrol(olga)
    wrong = "a wrong pass phrase"
    with pytest.raises(CredentialsRefused):
        sign(olga, b.complete_step, password=wrong, totp=code(secret, 3), **first())
    with pytest.raises(DaytwoError):
        account.change_own_password(olga.by, wrong, "another wrong one", command_id=new_id())
    with pytest.raises(DaytwoError):
        ada.does(c.set_password, person_id="ada", encoded=hash_password(wrong), reason="me")
    signing = ceremony.Signing("challenge", wrong, code(secret, 3))
    kept = [table for table in tables() if table != "access_credential"]
    everything = repr([fetch_all(f"SELECT * FROM {table}") for table in kept])
    for place in (everything, caplog.text, repr(signing)):
        for hidden in (wrong, PASSWORD, "another wrong one", secret, "argon2$", "gAAAA"):
            assert hidden not in place, hidden


def tables() -> list[str]:
    with connection.cursor() as cursor:
        return connection.introspection.table_names(cursor)


@pytest.mark.requirement("R19")
def test_token_of_a_program_signs_nothing_alone(issued, olga):
    """A program with a token needs the challenge shown to it, and its person's password."""
    secret = account.make_token(olga.by, "lims", 3, command_id=new_id())
    program = bearer(f"Bearer {secret}", "api")
    shown = b.complete_step.rehearse(program, **first()).challenge
    browsers = b.complete_step.rehearse(olga.by, **first()).challenge
    for signing, told in (
        (None, "signature.missing"),
        (ceremony.Signing(shown, secret), "access.credentials"),
        (ceremony.Signing(browsers, PASSWORD), "signature.challenge"),
    ):
        with pytest.raises(DaytwoError) as error:
            b.complete_step(program, command_id=new_id(), signing=signing, **first())
        assert error.value.code == told
    assert signatures() == []


# ------------------------------------------------------------------ failures, lockout, alert


def fail(times: int, who: str = "olga", password: str = "wrong") -> None:
    for _ in range(times):
        with pytest.raises(CredentialsRefused):
            account.sign_in(who, password)


@pytest.mark.requirement("R21")
def test_wrong_password_is_recorded_with_purpose_and_count(issued, olga):
    watch = Watch()
    fail(1)
    with pytest.raises(CredentialsRefused):
        sign(olga, b.complete_step, password="wrong", **first())
    failures = watch.events("access.credentials_refused")
    assert [(e.data.purpose, e.data.failures) for e in failures] == [
        ("sign in", 1),
        ("batch.complete_step", 2),
    ]
    assert {e.actor.role for e in failures} == {"system"}
    assert {e.stream for e in failures} == {"person/olga"}
    assert search(type_="access.credentials_refused", limit=9)


@pytest.mark.requirement("R21")
@pytest.mark.requirement("R22")
def test_account_is_locked_after_five_failures_and_an_alert_is_raised(issued, ada, olga):
    assert FAILURES_BEFORE_LOCK == 5
    fail(4)
    assert person("olga").status == "active"
    fail(1)
    assert person("olga").status == "locked"
    (alert,) = open_alerts()
    assert (alert.kind, alert.subject, alert.open) == ("account locked", "olga", True)
    with pytest.raises(CredentialsRefused) as told:
        account.sign_in("olga", PASSWORD)
    assert told.value.code == "access.locked"
    with pytest.raises(CredentialsRefused) as told:
        account.sign_in("olga", "wrong")
    assert told.value.code == "access.credentials", "who guesses does not learn that it is locked"
    refused("access.locked", olga, c.attest, statement=c.ATTESTATION)
    refused("access.locked", olga, b.complete_step, lambda: sign(olga, b.complete_step, **first()))
    refused("access.alert_locked", ada, c.acknowledge_alert, alert=alert.event_seq, comment="seen")
    ada.does(c.unlock, person_id="olga", reason="called her, it was she")
    assert open_alerts() == []
    assert account.sign_in("olga", PASSWORD).person_id == "olga"
    assert compare().equal


@pytest.mark.requirement("R21")
def test_failures_at_signatures_lock_the_account_as_well(issued, olga):
    challenge = b.complete_step.rehearse(olga.by, **first()).challenge
    for _ in range(FAILURES_BEFORE_LOCK):
        with pytest.raises(CredentialsRefused):
            sign(olga, b.complete_step, challenge=challenge, password="wrong", **first())
    refused(
        "access.locked",
        olga,
        b.complete_step,
        lambda: sign(olga, b.complete_step, challenge=challenge, **first()),
    )
    assert signatures() == []


@pytest.mark.requirement("R21")
def test_right_password_starts_the_count_anew(site):
    for _ in range(3):
        fail(FAILURES_BEFORE_LOCK - 1)
        account.sign_in("olga", PASSWORD)
    assert person("olga").status == "active"
    assert compare().equal


@pytest.mark.requirement("R21")
def test_guesses_at_once_do_not_outrun_the_lock(site):
    outcomes = at_once([lambda: account.sign_in("olga", "wrong")] * 12)
    assert all(isinstance(outcome, CredentialsRefused) for outcome in outcomes)
    assert person("olga").status == "locked"
    locks = [e for e in stream_events("person/olga") if e.type == "access.account.locked"]
    assert len(locks) == 1


@pytest.mark.requirement("R21")
def test_right_guess_that_outran_the_lock_lets_nobody_in(site, monkeypatch):
    """Asked for while the account was open, judged when it was locked by others' guesses."""
    judge = ceremony.password_matches

    def late(password: str, encoded: str) -> bool:
        answer = judge(password, encoded)
        if password == PASSWORD:
            fail(FAILURES_BEFORE_LOCK)
        return answer

    monkeypatch.setattr(ceremony, "password_matches", late)
    watch = Watch()
    with pytest.raises(CredentialsRefused):
        account.sign_in("olga", PASSWORD)
    assert "access.signed_in" not in watch.types()
    assert person("olga").status == "locked"


@pytest.mark.requirement("R21")
def test_account_closed_while_the_password_was_hashed_begins_no_session(site, ada, monkeypatch):
    ask = account.find_person

    def late(person_id: str) -> object:
        if person("olga").status == "active":
            ada.does(c.deactivate, person_id="olga", reason="left")
        return ask(person_id)

    monkeypatch.setattr(account, "find_person", late)
    watch = Watch()
    with pytest.raises(CredentialsRefused):
        account.sign_in("olga", PASSWORD)
    assert watch.types() == ["access.person.deactivated"]


@pytest.mark.requirement("R21")
def test_locked_account_does_not_tell_for_ever_which_guess_was_right(site, ada):
    fail(FAILURES_BEFORE_SILENCE - 1)
    with pytest.raises(CredentialsRefused) as told:
        account.sign_in("olga", PASSWORD)
    assert told.value.code == "access.locked"
    with pytest.raises(CredentialsRefused) as told:
        account.sign_in("olga", PASSWORD)
    assert told.value.code == "access.credentials"
    ada.does(c.unlock, person_id="olga", reason="called her, it was she")
    account.sign_in("olga", PASSWORD)


@pytest.mark.requirement("R21")
def test_unknown_person_hears_the_same_as_one_with_a_wrong_password(site):
    with pytest.raises(CredentialsRefused) as known:
        account.sign_in("olga", "wrong")
    watch = Watch()
    for who in ("nobody", "", "olga\x00", "ol ga", "\ud800", "x" * 5000, "OLGA"):
        with pytest.raises(CredentialsRefused) as told:
            account.sign_in(who, PASSWORD)
        assert (told.value.code, str(told.value)) == (known.value.code, str(known.value)), who
    assert watch.events() == []


@pytest.mark.requirement("R21")
def test_any_password_but_the_right_one_is_refused(site):
    wrong = ("", "\x00", "\ud800", "x" * 100_000, PASSWORD + " ", PASSWORD + "\x00", "ä" * 99)
    for who, password in zip(sorted(CAST), wrong, strict=False):
        with pytest.raises(CredentialsRefused):
            account.sign_in(who, password)


@pytest.mark.requirement("R17")
def test_deactivated_person_is_not_let_in(site, ada):
    ada.does(c.deactivate, person_id="olga", reason="left")
    with pytest.raises(CredentialsRefused) as told:
        account.sign_in("olga", PASSWORD)
    assert told.value.code == "access.credentials"


# ------------------------------------------------------------------ the second factor


MOMENT = now().replace(second=15, microsecond=0)


def enrol(who: Person) -> str:
    secret, address = account.new_totp(who.id)
    assert address.startswith("otpauth://totp/daytwo:")
    assert secret in address
    with clock_set(lambda: MOMENT):
        code = pyotp.TOTP(secret).at(MOMENT)
        account.confirm_totp(who.by, secret, code, command_id=new_id())
    forget_anchor()
    return secret


def code(secret: str, steps: int) -> str:
    return pyotp.TOTP(secret).at(MOMENT + timedelta(seconds=30 * steps))


@pytest.mark.requirement("R22")
def test_second_factor_is_asked_at_sign_in_and_at_every_signature(issued, olga):
    secret = enrol(olga)
    assert person("olga").totp
    with clock_set(lambda: MOMENT + timedelta(seconds=60)):
        for wrong in ("", "000000", "12345", "abcdef", code(secret, 9)):
            with pytest.raises(CredentialsRefused):
                sign(olga, b.complete_step, totp=wrong, **first())
            if wrong == "12345":
                account.sign_in("olga", PASSWORD, code(secret, 1))
        sign(olga, b.complete_step, totp=code(secret, 2), **first())
    assert signatures()[0].method == "password+totp"


@pytest.mark.requirement("R21")
@pytest.mark.requirement("R22")
def test_wrong_code_is_a_failure_and_locks_the_account(site, olga):
    secret = enrol(olga)
    with clock_set(lambda: MOMENT + timedelta(seconds=60)):
        for _ in range(FAILURES_BEFORE_LOCK):
            with pytest.raises(CredentialsRefused):
                account.sign_in("olga", PASSWORD, code(secret, 9))
    assert person("olga").status == "locked"
    assert [alert.subject for alert in open_alerts()] == ["olga"]


@pytest.mark.requirement("R22")
def test_lost_second_factor_is_gone_from_the_store(site, ada, olga):
    enrol(olga)
    ada.does(c.remove_totp, person_id="olga", reason="telephone lost")
    kept = "SELECT totp_sealed FROM access_credential WHERE person_id = 'olga'"
    assert fetch_all(kept) == [("",)]
    assert account.sign_in("olga", PASSWORD).method == "password"


@pytest.mark.requirement("R22")
def test_code_is_good_once(site, olga):
    secret = enrol(olga)
    with clock_set(lambda: MOMENT), pytest.raises(CredentialsRefused):
        account.sign_in("olga", PASSWORD, code(secret, 0))
    with clock_set(lambda: MOMENT + timedelta(seconds=30)):
        account.sign_in("olga", PASSWORD, code(secret, 1))
        with pytest.raises(CredentialsRefused):
            account.sign_in("olga", PASSWORD, code(secret, 1))
        with pytest.raises(CredentialsRefused):
            account.sign_in("olga", PASSWORD, code(secret, 0))


@pytest.mark.requirement("R22")
def test_one_code_sent_at_once_is_taken_once(site, olga):
    secret = enrol(olga)
    with clock_set(lambda: MOMENT + timedelta(seconds=30)):
        send = lambda: account.sign_in("olga", PASSWORD, code(secret, 1))  # noqa: E731
        outcomes = at_once([send] * 4)
    assert sum(isinstance(outcome, CredentialsRefused) for outcome in outcomes) == 3


@pytest.mark.requirement("R22")
def test_clock_of_the_device_may_drift_by_one_step(site, olga):
    secret = enrol(olga)
    for place, drift in enumerate((-2, -1, 0, 1, 2), start=1):
        at = MOMENT + timedelta(seconds=300 * place)
        with clock_set(lambda at=at: at):
            shown = code(secret, 10 * place + drift)
            if abs(drift) <= 1:
                account.sign_in("olga", PASSWORD, shown)
            else:
                with pytest.raises(CredentialsRefused):
                    account.sign_in("olga", PASSWORD, shown)


@pytest.mark.requirement("R22")
def test_second_factor_is_enrolled_with_a_right_code_only(site, olga):
    secret, _ = account.new_totp("olga")
    with pytest.raises(DaytwoError, match="does not belong"):
        account.confirm_totp(olga.by, secret, "000000", command_id=new_id())
    assert not person("olga").totp
    account.sign_in("olga", PASSWORD)


@pytest.mark.requirement("R22")
def test_session_alone_does_not_exchange_the_second_factor(site, ada, olga):
    enrol(olga)
    secret, _ = account.new_totp("olga")
    right = pyotp.TOTP(secret).now()
    refused(
        "access.totp_held",
        olga,
        c.enrol_totp,
        lambda: account.confirm_totp(olga.by, secret, right, command_id=new_id()),
    )
    ada.does(c.remove_totp, person_id="olga", reason="telephone lost")
    assert not person("olga").totp
    account.confirm_totp(olga.by, secret, right, command_id=new_id())
    assert compare().equal


def test_repeat_of_a_signed_command_uses_up_no_code(issued, olga):
    """A sender that did not hear the answer sends the same again: the same answer, once signed."""
    secret = enrol(olga)
    with clock_set(lambda: MOMENT + timedelta(seconds=30)):
        challenge = b.complete_step.rehearse(olga.by, **first()).challenge
        answer = {"challenge": challenge, "totp": code(secret, 1), "command_id": "command-1"}
        receipt = sign(olga, b.complete_step, **answer, **first())
        again = sign(olga, b.complete_step, **answer, **first())
    assert again.replayed
    assert again.events == receipt.events
    assert person("olga").status == "active"


# ------------------------------------------------------------------ secrets swapped in the database


@pytest.mark.requirement("R20")
def test_password_swapped_in_the_database_is_found(issued, olga):
    swapped = hash_password("the intruder's own")
    execute("UPDATE access_credential SET password = %s WHERE person_id = 'olga'", (swapped,))
    with pytest.raises(Tampered) as told:
        account.sign_in("olga", "the intruder's own")
    assert told.value.info == {"person": "olga"}
    with pytest.raises(Tampered):
        sign(olga, b.complete_step, password="the intruder's own", **first())
    assert signatures() == []


@pytest.mark.requirement("R20")
def test_password_copied_from_another_account_is_found(site):
    execute(
        "UPDATE access_credential SET password = (SELECT password FROM access_credential"
        " WHERE person_id = 'ada') WHERE person_id = 'olga'"
    )
    with pytest.raises(Tampered):
        account.sign_in("olga", PASSWORD)


@pytest.mark.requirement("R20")
def test_swapped_password_whose_anchor_was_doctored_too_shows_in_the_rows(site):
    """Both rows changed: the ledger still holds the digest of the true one."""
    swapped = hash_password("the intruder's own")
    execute("UPDATE access_credential SET password = %s WHERE person_id = 'olga'", (swapped,))
    statement = "UPDATE access_person SET credential_digest = %s WHERE id = 'olga'"
    execute(statement, (digest_of(swapped),))
    assert [d.table for d in compare().differing] == ["access_person"]


@pytest.mark.requirement("R22")
def test_second_factor_swapped_in_the_database_is_found(site, olga):
    secret = enrol(olga)
    for sealed in ("", "gAAAAAB", ceremony.seal("JBSWY3DPEHPK3PXP")):
        execute("UPDATE access_credential SET totp_sealed = %s WHERE person_id = 'olga'", (sealed,))
        with clock_set(lambda: MOMENT + timedelta(seconds=30)), pytest.raises(Tampered):
            account.sign_in("olga", PASSWORD, code(secret, 1))


def test_seal_of_another_site_is_no_seal():
    from cryptography.fernet import Fernet

    with pytest.raises(Tampered, match="not sealed by this site"):
        ceremony.unseal(Fernet(Fernet.generate_key()).encrypt(b"JBSWY3DPEHPK3PXP").decode())
    assert ceremony.unseal(ceremony.seal("JBSWY3DPEHPK3PXP")) == "JBSWY3DPEHPK3PXP"


def test_tampered_secret_is_recorded_and_raises_an_alert(site):
    swapped = hash_password("the intruder's own")
    execute("UPDATE access_credential SET password = %s WHERE person_id = 'olga'", (swapped,))
    watch = Watch()
    for password in ("the intruder's own", PASSWORD):
        with pytest.raises(Tampered):
            account.sign_in("olga", password)
    assert watch.types() == ["access.credential.tampered"] * 2
    assert [(alert.kind, alert.subject) for alert in open_alerts()] == [
        ("secret changed from outside", "olga")
    ]
    assert compare().equal


def test_by_is_of_a_session_and_no_form(olga):
    assert By("olga", "session-olga", "test") == olga.by


def test_code_or_secret_that_cannot_be_one_is_no_code() -> None:
    for secret, code in (
        ("JBSWY3DPEHPK3PXP", "\uff11\uff12\uff13\uff14\uff15\uff16"),
        ("JBSWY3DPEHPK3PXP", ""),
        ("A", "123456"),
    ):
        assert ceremony.totp_counter(secret, code) is None
