"""Authority: the one way to call a command, and the whole matrix of roles and acts executed."""

from __future__ import annotations

import inspect
from contextlib import suppress
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daytwo.kernel.errors import Denied, Fault, Refused, Unknown
from daytwo.kernel.ids import new_id
from daytwo.kernel.quantity import Quantity
from daytwo.record.access import commands as c
from daytwo.record.access.authority import COMMANDS, By, admit, command
from daytwo.record.access.enums import Meaning, Permission, PersonStatus, Role
from daytwo.record.access.errors import NotPermitted, NotSignedIn
from daytwo.record.access.events import AccountabilityAttested, PersonRegistered
from daytwo.record.access.queries import people, person, refusals
from daytwo.record.access.rules import MATRIX
from daytwo.record.batches import commands as b
from daytwo.record.ledger.append import Pending
from daytwo.record.ledger.catalogue import entry_for
from daytwo.record.ledger.errors import CommandReused
from daytwo.record.ledger.reading import stream_events
from daytwo.record.ledger.verify import verify
from tests import floor
from tests.conftest import PASSWORD, Person
from tests.record.access.acts import ADA, Watch, join, refused, rows, sign

ACTS = tuple(COMMANDS.values())
FAMILIES = {
    name: tuple(act for act in ACTS if act.name.partition(".")[0] == name)
    for name in sorted({act.name.partition(".")[0] for act in ACTS})
}


def parameters(of) -> dict[str, Any]:
    """Return the keyword parameters of a command's function by name, with their annotation."""
    signature = inspect.signature(of.function)
    return {
        name: parameter.annotation
        for name, parameter in signature.parameters.items()
        if parameter.kind is parameter.KEYWORD_ONLY
    }


SAMPLES = {
    "str": "B-0001",
    "str | None": None,
    "int": 1,
    "bool": True,
    "datetime": datetime(2030, 1, 1, tzinfo=UTC),
    "Quantity": Quantity(Decimal("1.0"), "kg"),
    "dict[str, str]": {"value": "1"},
    "Mapping[str, str]": {"value": "1"},
}


def sample(of) -> dict[str, Any]:
    return {name: SAMPLES[str(hint)] for name, hint in parameters(of).items()}


def one_who_may(act) -> Person:
    return next(Person(p.id) for p in people() if MATRIX[act.permission] & set(p.roles))


@pytest.fixture
def roles(site) -> dict[Role, Person]:
    """Return one person of each role, with that role alone."""
    known = {p.roles[0]: Person(p.id) for p in people() if len(p.roles) == 1}
    for role in Role:
        if role not in known:
            known[role] = join(f"one-{role.replace('_', '-')}", role, ready=True)
    return {role: known[role] for role in Role}


# ------------------------------------------------------------------ the matrix


@pytest.mark.requirement("R23")
@pytest.mark.parametrize("family", FAMILIES)
def test_every_role_without_the_right_is_refused_and_recorded(roles, family):
    """The whole matrix executed: nobody without the right changes anything, and each try shows."""
    for act in FAMILIES[family]:
        execute_row(roles, act)


def execute_row(roles, act) -> None:
    without = [role for role in Role if role not in MATRIX[act.permission]]
    before, watch = rows(), Watch()
    for role in without:
        with pytest.raises(NotPermitted) as told:
            act(roles[role].by, command_id=new_id(), **sample(act))
        assert told.value.info["permission"] == act.permission
        assert told.value.info["who_can"] == sorted(MATRIX[act.permission])
    recorded = watch.events()
    assert {event.type for event in recorded} <= {"access.command.refused"}
    assert [event.actor.id for event in recorded] == [roles[role].id for role in without]
    assert {event.data.command for event in recorded} <= {act.name}
    assert {event.data.code for event in recorded} <= {"access.not_permitted"}
    assert [row.person_id for row in refusals(len(without))][::-1] == [
        roles[role].id for role in without
    ]
    assert rows() == before


@pytest.mark.requirement("R23")
def test_every_role_with_the_right_is_admitted(roles):
    for permission, allowed in MATRIX.items():
        for role, who in roles.items():
            if role in allowed:
                assert admit(who.by, permission)[1] == role
            else:
                with pytest.raises(NotPermitted):
                    admit(who.by, permission)


@pytest.mark.requirement("R23")
def test_person_without_a_role_does_nothing_but_his_own_account(site, stan):
    for act in ACTS:
        if act.permission is Permission.ACCOUNT_OWN:
            assert admit(stan.by, act.permission)[1] == "none"
        else:
            with pytest.raises(NotPermitted):
                act(stan.by, command_id=new_id(), **sample(act))
    (event,) = stan.does(c.attest, statement=c.ATTESTATION).events
    assert event.actor.role == "none"


@pytest.mark.requirement("R23")
@pytest.mark.parametrize("end", ["role", "account"])
def test_what_a_door_read_before_a_right_ended_counts_no_more(site, ada, sam, end):
    """The record asks again within its transaction, whatever a door believes of the person."""
    stale = replace(sam.by, known=person("sam"))
    assert b.hold_batch.admits(stale) == stale
    if end == "role":
        for role in stale.known.roles:
            ada.does(c.revoke_role, person_id="sam", role=role, reason="moved")
    else:
        ada.does(c.deactivate, person_id="sam", reason="left")
    watch = Watch()
    with pytest.raises(NotPermitted if end == "role" else NotSignedIn):
        b.hold_batch(stale, command_id=new_id(), batch_id="B-0001", reason="doubt")
    assert [event.type for event in watch.events()] == ["access.command.refused"]


def test_admission_alone_returns_who_is_known_and_records_who_is_refused(site, olga, sam):
    watch = Watch()
    assert b.hold_batch.admits(sam.by).known == person("sam")
    assert watch.events() == []
    with pytest.raises(NotPermitted):
        b.hold_batch.admits(olga.by, batch_id="B-9")
    (event,) = watch.events("access.command.refused")
    assert (event.actor.id, event.data.target) == ("olga", "batch_id=B-9")


@pytest.mark.requirement("R23")
def test_administrator_has_no_right_to_the_product(site):
    mine = {permission for permission in Permission if Role.ADMINISTRATOR in MATRIX[permission]}
    assert mine == {
        Permission.ACCOUNT_OWN,
        Permission.PEOPLE_READ,
        Permission.PEOPLE_MANAGE,
        Permission.LEDGER_VERIFY,
        Permission.METRICS_READ,
    }


@pytest.mark.requirement("R23")
@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_command_declares_permission_events_and_signatures(act):
    assert act.permission in MATRIX
    assert MATRIX[act.permission], "nobody could do it"
    assert act.emits
    for cls in act.emits:
        assert is_dataclass(cls)
        assert entry_for(_blank(cls)).name
    assert set(act.signed) <= set(Meaning)
    assert act.function.__doc__
    assert set(map(str, parameters(act).values())) <= set(SAMPLES), "a type no door can send"


def _blank(cls):
    return object.__new__(cls) if fields(cls) is not None else None


@pytest.mark.requirement("R10")
@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_no_command_takes_the_time_of_the_act_from_the_sender(act):
    """Moments that a person states are of other things: until when a calibration holds."""
    moments = {name for name, hint in parameters(act).items() if "datetime" in str(hint)}
    assert moments <= {"valid_until", "clean_until"}
    assert not {"at", "now", "occurred_at", "recorded_at", "timestamp"} & set(parameters(act))


# ------------------------------------------------------------------ who asks


@pytest.mark.requirement("R05")
@pytest.mark.parametrize("who", ["nobody", "", "OLGA", "olga\n"])
def test_nobody_does_nothing(site, who):
    watch = Watch()
    with pytest.raises(NotSignedIn):
        c.attest(By(who, "session-x"), command_id=new_id(), statement=c.ATTESTATION)
    assert watch.events() == []


@pytest.mark.requirement("R05")
@pytest.mark.parametrize("status", [PersonStatus.LOCKED, PersonStatus.DEACTIVATED])
def test_closed_account_does_nothing_and_signs_nothing(issued, ada, olga, status):
    statement = b.complete_step.rehearse(olga.by, **STEP)
    if status is PersonStatus.DEACTIVATED:
        ada.does(c.deactivate, person_id="olga", reason="left")
    else:
        from tests.record.access.test_ceremony import fail

        fail(5)
    code = "access.locked" if status is PersonStatus.LOCKED else "access.not_signed_in"
    refused(code, olga, b.claim_step, batch_id=floor.BATCH, step_id="DSP-010")
    challenge = statement.challenge
    act = lambda: sign(olga, b.complete_step, challenge=challenge, **STEP)  # noqa: E731
    refused(code, olga, b.complete_step, act)
    refused(code, olga, b.complete_step, lambda: b.complete_step.rehearse(olga.by, **STEP))


STEP = {"batch_id": floor.BATCH, "step_id": "DSP-010", "entry": floor.entry_for("DSP-010")}


@pytest.mark.requirement("R23")
def test_right_that_goes_while_the_password_is_hashed_does_not_count(issued, ada, olga):
    """The right is asked again inside the transaction."""
    challenge = b.complete_step.rehearse(olga.by, **STEP).challenge
    ada.does(c.revoke_role, person_id="olga", role="operator", reason="moves")
    act = lambda: sign(olga, b.complete_step, challenge=challenge, **STEP)  # noqa: E731
    refused("access.not_permitted", olga, b.complete_step, act)


@pytest.mark.requirement("R06")
def test_actor_is_the_sessions_person_with_name_and_role_at_the_time(issued, ada, olga):
    (before,) = olga.does(b.claim_step, batch_id=floor.BATCH, step_id="DSP-010").events[-1:]
    ada.does(c.grant_role, person_id="olga", role="supervisor", reason="promoted")
    ada.does(c.revoke_role, person_id="olga", role="operator", reason="promoted")
    comment = {"batch_id": floor.BATCH, "step_id": None, "comment": "x"}
    (after,) = olga.does(b.add_comment, **comment).events
    assert [(e.actor.name, e.actor.role) for e in (before, after)] == [
        ("Olga Brandt", "operator"),
        ("Olga Brandt", "supervisor"),
    ]
    assert stream_events(f"batch/{floor.BATCH}")[-1].actor.role == "supervisor"
    assert after.origin == {"kind": "native", "source": "test", "ref": None}


def test_acting_role_is_the_first_that_gives_the_right(site, ada, olga):
    ada.does(c.grant_role, person_id="olga", role="auditor", reason="helps out")
    assert admit(olga.by, Permission.AUDIT_READ)[1] == "auditor"
    assert admit(olga.by, Permission.BATCH_EXECUTE)[1] == "operator"


# ------------------------------------------------------------------ one id, one act


def test_command_id_sent_twice_is_one_act(site, olga):
    first = olga.does(c.attest, command_id="command-1", statement=c.ATTESTATION)
    again = olga.does(c.attest, command_id="command-1", statement=c.ATTESTATION)
    assert (first.replayed, again.replayed) == (False, True)
    assert again.events == first.events


def test_command_id_of_another_act_is_refused_and_recorded(site, ada, olga, otto):
    olga.does(c.attest, command_id="command-1", statement=c.ATTESTATION)
    watch = Watch()
    with pytest.raises(CommandReused):
        otto.does(c.attest, command_id="command-1", statement=c.ATTESTATION)
    grant = {"person_id": "stan", "role": "auditor", "reason": "x"}
    with pytest.raises(CommandReused):
        ada.does(c.grant_role, command_id="command-1", **grant)
    assert watch.types() == ["access.command.refused"] * 2


def test_command_id_of_an_act_with_other_arguments_is_refused(site, ada):
    grant = {"person_id": "stan", "role": "auditor", "reason": "x"}
    ada.does(c.grant_role, command_id="command-1", **grant)
    with pytest.raises(CommandReused):
        ada.does(c.grant_role, command_id="command-1", **grant | {"role": "leader"})
    assert person("stan").roles == ("auditor",)


@pytest.mark.parametrize("command_id", ["", "short", "a b c d e", "x" * 101, "ü" * 9, "-1234567"])
def test_command_id_is_made_of_plain_signs(site, olga, command_id):
    watch = Watch()
    with pytest.raises(Refused, match="command id"):
        c.attest(olga.by, command_id=command_id, statement=c.ATTESTATION)
    assert watch.events() == []


# ------------------------------------------------------------------ what a command may do


@pytest.fixture
def scratch():
    known = dict(COMMANDS)
    yield
    COMMANDS.clear()
    COMMANDS.update(known)


def test_two_commands_of_one_name_are_refused(scratch):
    with pytest.raises(Fault, match="Two commands"):
        command("access.attest", permission=Permission.ACCOUNT_OWN, emits=())(list)


def test_event_that_was_not_declared_is_a_fault_and_nothing_is_kept(scratch, site, olga):
    @command("test.sly", permission=Permission.ACCOUNT_OWN, emits=(AccountabilityAttested,))
    def sly(ctx):
        return [
            Pending("person/olga", AccountabilityAttested("olga", "x")),
            Pending("person/zed", PersonRegistered("zed", "Zed")),
        ]

    watch, before = Watch(), rows()
    with pytest.raises(Fault, match="does not declare"):
        sly(olga.by, command_id=new_id())
    assert watch.events() == []
    assert rows() == before


def test_rehearsal_writes_nothing_but_a_refusal(issued):
    """Looking at what would be signed changes no row, whatever the act."""
    before = rows()
    for act in ACTS:
        watch = Watch()
        with suppress(Refused, Denied, Unknown):
            act.rehearse(one_who_may(act).by, **sample(act))
        assert set(watch.types()) <= {"access.command.refused"}, act.name
        assert rows() == before, act.name


# ------------------------------------------------------------------ hostile arguments


STANDING = ("B-0001", "DSP-010", "M-0001", "L-RM-1001-01", "olga", "released", "2030-01-01")
HOSTILE = st.text(max_size=30) | st.sampled_from(
    ["", " ", "\x00", "\ud800", "../..", "' OR 1=1 --", "x" * 4001, "batch/B-0001", *STANDING]
)


def hostile(hint: str) -> st.SearchStrategy:
    match hint:
        case "str" | "str | None":
            return HOSTILE if hint == "str" else st.none() | HOSTILE
        case "int":
            return st.integers() | st.sampled_from([0, -1, 2**31, 2**63, 10**400])
        case "bool":
            return st.booleans()
        case "datetime":
            return st.datetimes() | st.datetimes(timezones=st.just(UTC))
        case "Quantity":
            numbers = st.sampled_from([Decimal(-1), Decimal(0), Decimal("1e40"), Decimal("1e-9")])
            return st.builds(Quantity, numbers, st.sampled_from(["kg", "%", "Cel"]))
        case _:
            return st.dictionaries(HOSTILE, HOSTILE, max_size=4)


@pytest.mark.parametrize("family", FAMILIES)
def test_hostile_arguments_raise_nothing_but_refusals(issued, family):
    """Whatever a program sends: the answer is an act done right, or a refusal in words."""
    for act in FAMILIES[family]:
        attack(act)
    assert verify(None).ok


def attack(act) -> None:
    who = one_who_may(act)

    @settings(max_examples=12, suppress_health_check=list(HealthCheck), deadline=None)
    @given(st.fixed_dictionaries({n: hostile(str(h)) for n, h in parameters(act).items()}))
    def attempt(arguments):
        with suppress(Refused, Denied, Unknown):
            act(who.by, command_id=new_id(), **arguments)

    attempt()


def test_refusal_names_what_was_aimed_at(site, olga):
    with pytest.raises(NotPermitted):
        olga.does(c.grant_role, person_id="stan", role="quality", reason="x")
    told = refusals(1)[0]
    assert told.target == "person_id=stan"
    assert isinstance(NotPermitted("x", ()), Denied)
    assert (ADA.id, PASSWORD) == ("ada", PASSWORD)
