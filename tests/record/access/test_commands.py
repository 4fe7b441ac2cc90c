"""People and access: who is who, what was given to whom, by whom, when and why."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest

from daytwo.kernel.clock import clock_set, now
from daytwo.kernel.errors import Refused
from daytwo.kernel.ids import new_id
from daytwo.record.access import commands as c
from daytwo.record.access.authority import COMMANDS
from daytwo.record.access.clockwatch import forget_anchor
from daytwo.record.access.hashing import digest_of
from daytwo.record.access.queries import (
    access_register,
    find_mapping,
    mapping_versions,
    mappings,
    open_alerts,
    people,
    person,
    token_person,
    tokens,
)
from daytwo.record.ledger.reading import stream_events
from daytwo.record.ledger.rebuild import compare
from tests.record.access.acts import ADA, ENCODED, Watch, join, refused


@pytest.mark.requirement("R17")
def test_id_is_given_once_and_never_again(site, ada, stan):
    refused("access.id_used", ada, c.register_person, person_id="stan", name="Stan Zwei")
    ada.does(c.deactivate, person_id="stan", reason="left")
    refused("access.id_used", ada, c.register_person, person_id="stan", name="Stan Zwei")
    assert person("stan").name == "Stan Fremd"


@pytest.mark.requirement("R17")
def test_account_is_deactivated_and_stays_readable_for_ever(site, ada, olga):
    ada.does(c.deactivate, person_id="olga", reason="left the company")
    gone = person("olga")
    assert (gone.status, gone.name, gone.roles) == ("deactivated", "Olga Brandt", ("operator",))
    assert "olga" in {p.id for p in people()}
    assert stream_events("person/olga")[-1].reason == "left the company"
    refused("access.not_signed_in", olga, c.attest, statement=c.ATTESTATION)
    for command, more in (
        (c.deactivate, {}),
        (c.grant_role, {"role": "auditor"}),
        (c.set_password, {"encoded": ENCODED}),
    ):
        refused("access.deactivated", ada, command, person_id="olga", reason="back", **more)
    refused("access.deactivated", ada, c.verify_identity, person_id="olga", document="passport")
    refused("access.not_locked", ada, c.unlock, person_id="olga", reason="back")


@pytest.mark.requirement("R17")
def test_no_command_deletes_or_renames_a_person():
    verbs = {name for name, command in COMMANDS.items() if command.permission.startswith("people")}
    assert not {name for name in verbs if "delete" in name or "remove_person" in name}
    assert "access.register_person" in verbs


@pytest.mark.requirement("R17")
def test_id_is_made_of_plain_signs(site, ada):
    watch = Watch()
    for person_id in ("Zoe Ö", "z/y", "z:y", "z_y", "-", "z" * 81, "z\x00", "", "z\n", "."):
        with pytest.raises(Refused) as error:
            ada.does(c.register_person, person_id=person_id, name="Zoe")
        assert error.value.code in {"command.identifier", "access.id_form"}, person_id
    assert set(watch.types()) <= {"access.command.refused"}


def test_id_like_a_standing_one_is_refused(site, ada):
    """People could not be told apart in print: `Olga` is nobody else than `olga`."""
    refused("access.id_used", ada, c.register_person, person_id="OLGA", name="Olga Zwei")


@pytest.mark.requirement("R05")
def test_register_of_rights_says_who_what_when_by_whom_and_why(site, ada):
    before = now()
    join("zoe", ready=False)
    ada.does(c.grant_role, person_id="zoe", role="operator", reason="joins line 2")
    ada.does(c.revoke_role, person_id="zoe", role="operator", reason="moves to QA")
    ada.does(c.grant_role, person_id="zoe", role="quality", reason="moves to QA")
    grants = [grant for grant in access_register() if grant.person_id == "zoe"]
    assert [(g.role, g.granted_by, g.reason) for g in grants] == [
        ("operator", "Ada Lang", "joins line 2"),
        ("quality", "Ada Lang", "moves to QA"),
    ]
    assert grants[0].revoked_by == "Ada Lang"
    assert before.isoformat() < grants[0].granted_at < grants[0].revoked_at
    assert grants[1].revoked_at is None
    assert {g.person_id for g in access_register()} >= {p.id for p in people() if p.roles}


@pytest.mark.requirement("R06")
def test_every_change_of_access_is_one_entry_with_who_what_when_and_why(site, ada):
    acts = (
        (c.register_person, {"name": "Zoe"}, "access.person.registered"),
        (c.verify_identity, {"document": "passport seen"}, "access.person.identity_verified"),
        (c.grant_role, {"role": "operator", "reason": "joins"}, "access.role.granted"),
        (c.set_password, {"encoded": ENCODED, "reason": "first"}, "access.credential.set"),
        (c.revoke_role, {"role": "operator", "reason": "moves"}, "access.role.revoked"),
        (c.deactivate, {"reason": "left"}, "access.person.deactivated"),
    )
    for command, arguments, type_ in acts:
        watch = Watch()
        (made,) = ada.does(command, person_id="zoe", **arguments).events
        (entry,) = watch.events()
        assert (made, entry.type, entry.stream) == (entry, type_, "person/zoe")
        assert (entry.actor.id, entry.actor.name, entry.actor.role) == (
            "ada",
            "Ada Lang",
            "administrator",
        )
        assert entry.recorded_text == entry.occurred_text
        assert entry.recorded_text.endswith("Z")
        assert entry.reason == arguments.get("reason")
    assert compare().equal


@pytest.mark.requirement("R06")
def test_change_without_a_reason_is_refused(site, ada):
    changes = (
        (c.grant_role, {"role": "auditor"}),
        (c.revoke_role, {"role": "operator"}),
        (c.set_password, {"encoded": ENCODED}),
        (c.remove_totp, {}),
        (c.unlock, {}),
        (c.deactivate, {}),
    )
    for reason, (command, more) in product(("", " \t\n"), changes):
        refused("access.reason_missing", ada, command, person_id="olga", reason=reason, **more)
    refused("access.reason_missing", ada, c.acknowledge_alert, alert=1, comment=" ")


@pytest.mark.requirement("R23")
def test_nobody_gives_or_takes_rights_of_his_own(site, ada):
    """Two persons: who asks for a right and who gives it."""
    for command, more in (
        (c.grant_role, {"role": "integrator", "reason": "me"}),
        (c.revoke_role, {"role": "administrator", "reason": "me"}),
        (c.set_password, {"encoded": ENCODED, "reason": "me"}),
        (c.verify_identity, {"document": "my own word"}),
        (c.remove_totp, {"reason": "me"}),
        (c.unlock, {"reason": "me"}),
        (c.deactivate, {"reason": "me"}),
    ):
        refused("segregation.same_person", ada, command, person_id="ada", **more)


@pytest.mark.requirement("R23")
def test_administrator_gets_no_gmp_role(site, ada):
    boss = join("boss", "administrator", ready=False)
    for role in ("operator", "supervisor", "quality", "qualified_person", "auditor", "integrator"):
        refused(
            "segregation.administrator", ada, c.grant_role, person_id=boss.id, role=role, reason="x"
        )
    assert person("boss").roles == ("administrator",)


@pytest.mark.requirement("R23")
def test_person_with_a_gmp_role_gets_no_administration(site, ada):
    for who in ("olga", "quinn", "luis", "ivo"):
        refused(
            "segregation.administrator",
            ada,
            c.grant_role,
            person_id=who,
            role="administrator",
            reason="handy",
        )
    ada.does(c.revoke_role, person_id="lea", role="leader", reason="changes")
    ada.does(c.grant_role, person_id="lea", role="administrator", reason="changes")
    assert person("lea").roles == ("administrator",)


def test_change_that_changes_nothing_is_refused(site, ada):
    for code, command, arguments in (
        ("access.role_unknown", c.grant_role, {"role": "king"}),
        ("access.role_held", c.grant_role, {"role": "operator"}),
        ("access.role_not_held", c.revoke_role, {"role": "auditor"}),
        ("access.not_locked", c.unlock, {}),
        ("access.totp_none", c.remove_totp, {}),
    ):
        refused(code, ada, command, person_id="olga", reason="why", **arguments)


def test_empty_names_are_refused(site, ada, olga):
    refused("access.name_missing", ada, c.register_person, person_id="zoe", name="  ")
    refused("access.document_missing", ada, c.verify_identity, person_id="olga", document=" ")


@pytest.mark.requirement("R24")
def test_accountability_is_attested_word_by_word(site, olga):
    refused("access.attestation", olga, c.attest, statement=c.ATTESTATION + " not")
    refused("access.attestation", olga, c.attest, statement="")
    (event,) = olga.does(c.attest, statement=c.ATTESTATION).events
    assert event.data.statement == c.ATTESTATION
    assert event.actor.id == event.data.person_id == "olga"


# ------------------------------------------------------------------ tokens of programs


def issue(who, days: int = 30, token_id: str = "", name: str = "lims", secret: str = "s") -> str:
    token_id = token_id or new_id()
    digest = digest_of(secret)
    who.does(c.issue_token, token_id=token_id, name=name, secret_digest=digest, days=days)
    return token_id


def holder(secret: str) -> tuple[str, str]:
    person, token_id = token_person(secret)
    return person.id, token_id


def test_token_is_known_by_its_digest_alone(site, olga):
    token_id = issue(olga, secret="dt_secret")
    assert holder("dt_secret") == ("olga", token_id)
    assert token_person("dt_secrets") is None
    (row,) = tokens("olga")
    assert "dt_secret" not in repr(vars(row))


@pytest.mark.requirement("R21")
def test_token_ends_by_time_by_its_owner_and_with_the_account(site, ada, olga, otto):
    first, second = issue(olga, days=1, secret="a"), issue(olga, secret="b")
    issue(otto, secret="c")
    later = now() + timedelta(days=1)
    with clock_set(lambda: later):
        assert token_person("a") is None
        assert holder("b") == ("olga", second)
    forget_anchor()
    olga.does(c.revoke_token, token_id=first)
    assert token_person("a") is None
    ada.does(c.deactivate, person_id="otto", reason="left")
    assert token_person("c") is None
    assert compare().equal


def test_token_of_another_cannot_be_taken_out_of_use(site, olga, otto):
    mine = issue(olga, secret="a")
    refused("access.token_unknown", otto, c.revoke_token, token_id=mine)
    refused("access.token_unknown", otto, c.revoke_token, token_id="nothing")
    assert holder("a") == ("olga", mine)
    olga.does(c.revoke_token, token_id=mine)
    refused("access.token_unknown", olga, c.revoke_token, token_id=mine)


def test_token_lives_a_bounded_time(site, olga):
    for days in (0, -1, 366, 10**6):
        arguments = {"token_id": "t-1", "name": "x", "secret_digest": "d", "days": days}
        refused("access.token_days", olga, c.issue_token, **arguments)


def test_token_needs_a_name_and_an_id_of_its_own(site, olga, otto):
    issue(olga, token_id="t-1", secret="a")
    more = {"secret_digest": digest_of("b"), "days": 3}
    refused("access.token_id_used", otto, c.issue_token, token_id="t-1", name="x", **more)
    same = {"token_id": "t-2", "name": "x", "secret_digest": digest_of("a"), "days": 3}
    refused("access.token_id_used", otto, c.issue_token, **same)
    for form in ("", "a", "A" * 64, "a" * 65, "a" * 64 + "\n"):
        refused("access.token_digest", otto, c.issue_token, **same | {"secret_digest": form})
    refused("access.name_missing", otto, c.issue_token, token_id="t-2", name=" ", **more)


# ------------------------------------------------------------------ alerts


def test_alert_is_closed_with_what_was_done(site, ada, olga):
    with clock_set(lambda: now_plus(60)):
        olga.does(c.attest, statement=c.ATTESTATION)
        forget_anchor()
        olga.does(c.attest, statement=c.ATTESTATION)
    with clock_set(lambda: now_plus(120)):
        olga.does(c.attest, statement=c.ATTESTATION)
    forget_anchor()
    (alert,) = open_alerts()
    assert alert.kind == "clock drift"
    refused(
        "access.alert_unknown", ada, c.acknowledge_alert, alert=alert.event_seq + 1, comment="x"
    )
    receipt = ada.does(c.acknowledge_alert, alert=alert.event_seq, comment="time server mended")
    assert receipt.events[0].reason == "time server mended"
    assert open_alerts() == []
    refused("access.alert_unknown", ada, c.acknowledge_alert, alert=alert.event_seq, comment="x")
    assert compare().equal


def now_plus(seconds: float):
    from datetime import UTC, datetime

    return datetime.now(UTC) + timedelta(seconds=seconds)


def test_ada_is_the_only_administrator_of_the_cast(site):
    assert [p.id for p in people() if "administrator" in p.roles] == [ADA.id]


def saved(version: int, text: str, **more: object) -> dict:
    return {"mapping_id": "north", "version": version, "title": "North", "text": text} | more


def test_mapping_is_kept_version_by_version(site, ivo):
    ivo.does(c.save_mapping, **saved(2, "version: 2\n"))
    receipt = ivo.does(c.save_mapping, **saved(3, "version: 3\n", reason="a new column"))
    assert receipt.events[0].stream == "mapping/north"
    assert [(m.version, m.text, m.reason) for m in mapping_versions("north")] == [
        (3, "version: 3\n", "a new column"),
        (2, "version: 2\n", ""),
    ]
    assert [m.version for m in mappings()] == [3]
    assert find_mapping("north").version == 3
    assert find_mapping("north", 2).sha256 == digest_of("version: 2\n")
    assert find_mapping("north", 1) is None
    assert compare().equal


def test_version_of_a_mapping_never_changes(site, ivo):
    ivo.does(c.save_mapping, **saved(2, "version: 2\n"))
    refused("import.mapping_version", ivo, c.save_mapping, **saved(2, "version: 2 # other\n"))
    refused("import.mapping_version", ivo, c.save_mapping, **saved(1, "version: 1\n"))
    refused("import.mapping_same", ivo, c.save_mapping, **saved(3, "version: 2\n"))
    refused("import.mapping_empty", ivo, c.save_mapping, **saved(3, " "))
    refused("import.mapping_version", ivo, c.save_mapping, **saved(0, "x", mapping_id="south"))
    refused("import.mapping_id", ivo, c.save_mapping, **saved(3, "x", mapping_id="North"))
    assert [m.version for m in mapping_versions("north")] == [2]


def test_mapping_is_saved_by_who_may_import(site, olga):
    refused("access.not_permitted", olga, c.save_mapping, **saved(1, "x"))
