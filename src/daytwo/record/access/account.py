"""Accounts from outside: sign in and out, own password, second factor, tokens, the first person."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyotp

from daytwo.kernel.errors import Refused
from daytwo.kernel.ids import new_id
from daytwo.record.access import ceremony, commands
from daytwo.record.access.enums import PersonStatus, Role
from daytwo.record.access.errors import CredentialsRefused
from daytwo.record.access.events import (
    CredentialSet,
    PersonRegistered,
    RoleGranted,
    SignedIn,
    SignedOut,
)
from daytwo.record.access.hashing import digest_of, hash_password
from daytwo.record.access.queries import find_person, people, person
from daytwo.record.access.rules import check_password
from daytwo.record.ledger.append import Intent, Pending
from daytwo.record.ledger.door import transact
from daytwo.record.ledger.envelope import Actor, Origin

if TYPE_CHECKING:
    from collections.abc import Callable

    from daytwo.record.access.authority import By

INSTALLER = Actor("system.init", "Installation", "system")


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in, under which session, by which method."""

    person_id: str
    session_id: str
    method: str


def sign_in(person_id: str, password: str, totp: str = "", *, channel: str = "web") -> Session:
    """Authenticate with both components and record the session's begin.

    Raises:
        CredentialsRefused: Wrong, locked or unknown; the answer does not tell which.
    """
    method = ceremony.authenticate(person_id, password, totp, purpose="sign in", channel=channel)
    found = find_person(person_id)
    if found is None:
        raise CredentialsRefused
    session_id = new_id()
    actor = Actor(found.id, found.name, found.roles[0] if found.roles else "none")
    event = SignedIn(person_id, session_id, channel, method)

    def work() -> list[Pending]:
        # Asked again inside: the account may have been closed while the password was hashed.
        if person(person_id).status != PersonStatus.ACTIVE:
            raise CredentialsRefused
        return [Pending(f"person/{person_id}", event)]

    _record(actor, "access.sign_in", channel, f"person/{person_id}", work)
    return Session(person_id, session_id, method)


def sign_out(by: By, cause: str = "person") -> None:
    """Record a session's end; `cause` is `person` or `idle`."""
    found = find_person(by.person_id)
    if found is None:
        return
    actor = Actor(found.id, found.name, found.roles[0] if found.roles else "none")
    event = SignedOut(by.person_id, by.session_id, cause)
    stream = f"person/{by.person_id}"
    _record(actor, "access.sign_out", by.channel, stream, lambda: [Pending(stream, event)])


def reset_password(by: By, person_id: str, reason: str, *, command_id: str) -> str:
    """Set a random password that must be changed at once, and return it for handing over."""
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    commands.set_password(
        by,
        command_id=command_id,
        person_id=person_id,
        encoded=hash_password(password),
        reason=reason,
    )
    return password


def change_own_password(by: By, old: str, new: str, totp: str = "", *, command_id: str) -> None:
    """Replace the session person's password, after proof of the old one."""
    ceremony.authenticate(
        by.person_id, old, totp, purpose="access.change_password", channel=by.channel
    )
    found = find_person(by.person_id)
    check_password(new, by.person_id, found.name if found else "")
    if new == old:
        raise Refused("access.password_same", "Choose another password than the present one.")
    commands.change_password(by, command_id=command_id, encoded=hash_password(new))


def new_totp(person_id: str) -> tuple[str, str]:
    """Return (secret, otpauth address) of a second factor that is not yet enrolled."""
    secret = pyotp.random_base32()
    return secret, pyotp.TOTP(secret).provisioning_uri(name=person_id, issuer_name="daytwo")


def confirm_totp(by: By, secret: str, code: str, *, command_id: str) -> None:
    """Enrol a second factor once it shows a right code."""
    counter = ceremony.totp_counter(secret, code)
    if counter is None:
        raise Refused("access.totp_code", "The code does not belong to this secret. Try the next.")
    commands.enrol_totp(by, command_id=command_id, sealed=ceremony.seal(secret), counter=counter)


def make_token(by: By, name: str, days: int, *, command_id: str) -> str:
    """Return a new token for a program; it is shown once and only its digest is kept."""
    secret = f"dt_{secrets.token_urlsafe(32)}"
    commands.issue_token(
        by,
        command_id=command_id,
        token_id=new_id(),
        name=name,
        secret_digest=digest_of(secret),
        days=days,
    )
    return secret


def first_administrator(
    person_id: str, name: str, password: str, origin: Origin | None = None
) -> None:
    """Open the first account of an empty site; refused when there is one.

    Identity is still to be verified by a second administrator; this one cannot sign.
    """
    if people():
        raise Refused("access.not_empty", "This site has people already.")
    check_password(password, person_id, name)
    encoded = hash_password(password)
    stream = f"person/{person_id}"

    def work() -> list[Pending]:
        commands.store_password(person_id, encoded)
        return [
            Pending(stream, PersonRegistered(person_id, name)),
            Pending(stream, RoleGranted(person_id, Role.ADMINISTRATOR), reason="installation"),
            Pending(stream, CredentialSet(person_id, digest_of(encoded), must_change=False)),
        ]

    intent = Intent(new_id(), "access.install", "", INSTALLER, origin or Origin("system", "init"))
    transact(intent, work, locks=(stream,))


def _record(
    actor: Actor, name: str, channel: str, stream: str, work: Callable[[], list[Pending]]
) -> None:
    intent = Intent(new_id(), name, "", actor, Origin("native", channel))
    transact(intent, work, locks=(stream,))
