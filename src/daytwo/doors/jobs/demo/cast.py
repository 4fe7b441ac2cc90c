"""The demonstration site's people, and one of them doing a command."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from daytwo.kernel.ids import new_id
from daytwo.record.access import account, commands
from daytwo.record.access.authority import By, Command
from daytwo.record.access.ceremony import Signing
from daytwo.record.access.hashing import hash_password
from daytwo.record.ledger.envelope import Origin

if TYPE_CHECKING:
    from daytwo.record.ledger.door import Receipt

PASSWORD = "daytwo demo 2026"  # noqa: S105 - of a demonstration, printed when it starts
SIMULATION = Origin("simulation", "demo", {"clock": "simulated"})
PEOPLE = (
    ("olga", "Olga Brandt", "operator"),
    ("otto", "Otto Vogel", "operator"),
    ("omar", "Omar Haas", "operator"),
    ("sam", "Sam Keller", "supervisor"),
    ("sara", "Sara Wolf", "supervisor"),
    ("quinn", "Quinn Meier", "quality"),
    ("quentin", "Quentin Weiss", "quality"),
    ("paula", "Paula Graf", "qualified_person"),
    ("aron", "Aron Huber", "author"),
    ("lea", "Lea Roth", "leader"),
    ("luis", "Luis Frei", "auditor"),
    ("ivo", "Ivo Kunz", "integrator"),
)


@dataclass(frozen=True, slots=True)
class Hand:
    """One simulated person."""

    person_id: str

    @property
    def by(self) -> By:
        """Who acts; every event says that it is simulated."""
        return By(self.person_id, "simulation", "job", SIMULATION)

    def does(self, command: Command, **arguments: object) -> Receipt:
        """Look at what a command asks to be signed, sign it, and perform it."""
        statement = command.rehearse(self.by, **arguments) if command.signed else None
        signing = Signing(statement.challenge, PASSWORD) if statement else None
        return command(self.by, command_id=new_id(), signing=signing, **arguments)


def employ() -> None:
    """Open the accounts: identity verified, accountability attested, own password set."""
    account.first_administrator("ada", "Ada Lang", PASSWORD, SIMULATION)
    ada = Hand("ada")
    encoded = hash_password(PASSWORD)
    for person_id, name, role in PEOPLE:
        ada.does(commands.register_person, person_id=person_id, name=name)
        ada.does(commands.grant_role, person_id=person_id, role=role, reason="first staffing")
        ada.does(commands.verify_identity, person_id=person_id, document="staff card seen")
        ada.does(
            commands.set_password, person_id=person_id, encoded=encoded, reason="first password"
        )
        person = Hand(person_id)
        person.does(commands.change_password, encoded=encoded)
        person.does(commands.attest, statement=commands.ATTESTATION)
