"""Acts of people in tests: signing by hand, new accounts, what was refused and recorded."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from daytwo.kernel.errors import DaytwoError
from daytwo.kernel.ids import new_id
from daytwo.record.access import ceremony, commands
from daytwo.record.access.hashing import hash_password
from daytwo.record.access.queries import refusals
from daytwo.record.ledger.reading import events, last_seq
from daytwo.record.ledger.sql import fetch_all
from tests.conftest import PASSWORD, Person

if TYPE_CHECKING:
    from daytwo.record.access.authority import Command
    from daytwo.record.ledger.door import Receipt
    from daytwo.record.ledger.envelope import Recorded

ENCODED = hash_password(PASSWORD)
ADA = Person("ada")


def join(person_id: str, *roles: str, name: str = "", ready: bool = True) -> Person:
    """Open an account: registered, with roles, and, when ready, able to sign."""
    ADA.does(commands.register_person, person_id=person_id, name=name or person_id.title())
    for role in roles:
        ADA.does(commands.grant_role, person_id=person_id, role=role, reason="cast")
    if ready:
        ADA.does(commands.verify_identity, person_id=person_id, document="passport seen")
        ADA.does(
            commands.set_password, person_id=person_id, encoded=ENCODED, reason="first password"
        )
        Person(person_id).does(commands.change_password, encoded=ENCODED)
        Person(person_id).does(commands.attest, statement=commands.ATTESTATION)
    return Person(person_id)


def sign(
    who: Person,
    command: Command,
    *,
    challenge: str = "",
    password: str = PASSWORD,
    totp: str = "",
    command_id: str = "",
    **arguments: Any,
) -> Receipt:
    """Sign an act: look at it, then answer with what is given instead of what is right."""
    if not challenge:
        statement = command.rehearse(who.by, **arguments)
        assert statement is not None
        challenge = statement.challenge
    signing = ceremony.Signing(challenge, password, totp)
    return command(who.by, command_id=command_id or new_id(), signing=signing, **arguments)


class Watch:
    """What was appended since it was made, by stream."""

    def __init__(self) -> None:
        self._from = last_seq()

    def events(self, *types: str) -> list[Recorded]:
        return list(events(types or None, after_seq=self._from))

    def types(self) -> list[str]:
        return [event.type for event in self.events()]

    def streams(self) -> set[str]:
        return {event.stream for event in self.events()}


def refused(code: str, who: Person, command: Command, act: Any = None, **arguments: Any) -> None:
    """Attempt something that must be refused: by its code, recorded, and with nothing changed."""
    watch, before = Watch(), rows()
    attempt = act or partial(who.does, command, **arguments)
    with pytest.raises(DaytwoError) as error:
        attempt()
    assert error.value.code == code, error.value
    (recorded,) = watch.events("access.command.refused")
    assert (recorded.actor.id, recorded.data.command) == (who.id, command.name)
    assert (recorded.data.code, recorded.data.detail) == (code, error.value.detail[:500])
    assert recorded.stream == f"refusal/{who.id}"
    told = refusals(1)[0]
    assert (told.event_seq, told.person_id, told.code) == (recorded.seq, who.id, code)
    assert set(watch.types()) <= {"access.command.refused", "access.credentials_refused"}
    assert rows() == before


COUNTED = ("access_refusal", "access_person")
"""Tables that a refusal itself may touch: the list of refusals, the count of wrong passwords."""


def rows() -> dict[str, list]:
    """Return every projected row, and the secrets, but for what a refusal may touch."""
    from daytwo.record.ledger.projections import projections

    tables = [m._meta.db_table for p in projections() for m in p.models]
    shown = [*(t for t in tables if t not in COUNTED), "access_credential"]
    return {table: sorted(map(repr, fetch_all(f"SELECT * FROM {table}"))) for table in shown}
