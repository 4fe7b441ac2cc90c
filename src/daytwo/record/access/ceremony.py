"""The signature ceremony: what is shown, the challenge that binds it, and who really is there."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyotp
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core import signing

from daytwo.kernel.clock import now
from daytwo.kernel.errors import Tampered
from daytwo.kernel.ids import new_id
from daytwo.record.access.enums import PersonStatus
from daytwo.record.access.errors import CredentialsRefused, SignatureRefused
from daytwo.record.access.events import AccountLocked, CredentialsFailed, CredentialTampered
from daytwo.record.access.hashing import DECOY, digest_of, password_matches
from daytwo.record.access.rules import (
    FAILURES_BEFORE_LOCK,
    FAILURES_BEFORE_SILENCE,
    SIGNING_SECONDS,
)
from daytwo.record.ledger.append import Intent, Pending
from daytwo.record.ledger.door import transact
from daytwo.record.ledger.envelope import Actor, Origin
from daytwo.record.ledger.sql import execute, fetch_one
from daytwo.record.ledger.writer import write

if TYPE_CHECKING:
    from collections.abc import Mapping

_SALT = "daytwo.signature"
_TOTP_SECONDS = 30
_CREDENTIAL = (
    "SELECT p.credential_digest, p.totp_digest, c.password, c.totp_sealed, c.totp_last_step"
    " FROM access_person p JOIN access_credential c ON c.person_id = p.id WHERE p.id = %s"
)
GUARD = Actor("system.access", "Access control", "system")
"""Who records refused credentials: the system itself, for the person is not shown to be there."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What is put before the signer; the content is exactly what is signed.

    Attributes:
        meaning: What the signature will say.
        record: The stream; `record_version` its version when shown.
        subject: The part of the record, such as `step/DSP-10`.
        content: What is signed, plain JSON.
        sha256: Over the canonical content.
        challenge: Goes back with the signature; single use, bound to all of this.
    """

    meaning: str
    record: str
    record_version: int
    subject: str
    content: Mapping[str, Any]
    sha256: str
    challenge: str


@dataclass(frozen=True, slots=True)
class Signing:
    """What the signer sends: the challenge shown, and both components of the signature.

    The components are left out of its printed form, so that no log or error report holds them.
    """

    challenge: str
    password: str = field(repr=False)
    totp: str = field(default="", repr=False)


def make_challenge(
    person_id: str, session_id: str, meaning: str, record: tuple[str, int, str], sha256: str
) -> str:
    """Return the challenge for a statement: signed by the server, good for `SIGNING_SECONDS`.

    Args:
        person_id: Who may answer it.
        session_id: In which session.
        meaning: Of the signature.
        record: Stream, version, subject.
        sha256: Of the content.
    """
    body = [new_id(), person_id, session_id, meaning, *record, sha256]
    return signing.dumps(body, salt=_SALT, compress=True)


def read_challenge(
    challenge: str,
    person_id: str,
    session_id: str,
    meaning: str,
    record: tuple[str, int, str],
    sha256: str,
) -> str:
    """Return the challenge's id when it was made for exactly this statement and is unused.

    Raises:
        SignatureRefused: It is missing, forged, too old, another's, used, or the content changed.

    References:
        21 CFR 11.70, 11.200(a); draft EU GMP Annex 11 (2025) §13.3.
    """
    try:
        body = signing.loads(challenge, salt=_SALT, max_age=SIGNING_SECONDS)
    except signing.SignatureExpired:
        raise SignatureRefused(
            "expired", "This was shown too long ago. Look again and sign."
        ) from None
    except signing.BadSignature:
        raise SignatureRefused(
            "challenge", "This is not a statement that was shown to you."
        ) from None
    signature_id, *shown = body
    if fetch_one("SELECT 1 FROM access_signature WHERE id = %s", (signature_id,)):
        raise SignatureRefused(
            "replayed", "This signature was used before; it signs nothing again."
        )
    if shown[:3] != [person_id, session_id, meaning]:
        raise SignatureRefused("challenge", "This was shown to another person, or for another act.")
    if shown[3:] != [*record, sha256]:
        raise SignatureRefused(
            "content_changed", "The record changed after it was shown. Look again and sign."
        )
    return str(signature_id)


def authenticate(person_id: str, password: str, totp: str, *, purpose: str, channel: str) -> str:
    """Check both components of an identity and return the method that was used.

    Failures are recorded, counted, and lock the account; the same answer takes the same time for
    unknown persons. Runs outside the write transaction: hashing must hinder nobody.

    Raises:
        CredentialsRefused: Not this person, or the account is locked or deactivated.
        Tampered: The stored secret is not the one that the ledger knows.

    References:
        21 CFR 11.100, 11.200(a), 11.300; RFC 9106 (Argon2id); RFC 6238 (TOTP).
    """
    plain = person_id.isascii() and person_id.isprintable()
    row = fetch_one(_CREDENTIAL, (person_id,)) if plain else None
    if row is None:
        password_matches(password, DECOY)
        raise CredentialsRefused
    anchor, totp_anchor, encoded, sealed, last_step = row
    if digest_of(encoded) != anchor or (totp_anchor and digest_of(sealed) != totp_anchor):
        _record_tampering(person_id, purpose, channel)
        raise Tampered(
            "access.credential_tampered",
            "The stored secret of this account is not the one that was recorded."
            " An administrator has been told.",
            {"person": person_id},
        )
    matches = password_matches(password, encoded)
    # Asked after the hashing: guesses sent at once must not outrun the lock.
    status, failures = _standing(person_id)
    if status != PersonStatus.ACTIVE:
        _record_failure(person_id, purpose, channel)
        told = status == PersonStatus.LOCKED and failures < FAILURES_BEFORE_SILENCE
        raise CredentialsRefused(locked=told and matches)
    step = _totp_step(sealed, totp, int(last_step)) if totp_anchor else 0
    if not matches or step is None:
        _record_failure(person_id, purpose, channel)
        raise CredentialsRefused
    if totp_anchor:
        _use_totp_step(person_id, step)
        return "password+totp"
    return "password"


def seal(secret: str) -> str:
    """Return a TOTP secret encrypted under the site's key."""
    return _box().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """Return the secret that was sealed; `Tampered` when it was not sealed here."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Tampered(
            "access.seal", "A stored second factor was not sealed by this site."
        ) from None


def _box() -> Fernet:
    key = hashlib.sha256(b"daytwo totp" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def totp_counter(secret: str, code: str) -> int | None:
    """Return the time step that a code belongs to, one step of drift allowed; None if none."""
    counter = int(now().timestamp()) // _TOTP_SECONDS
    given = code.strip().encode(errors="replace")
    try:
        generator = pyotp.HOTP(secret)
        codes = {step: generator.at(step) for step in (counter, counter - 1, counter + 1)}
    except ValueError:
        return None  # Not a secret at all: no code belongs to it.
    for step, right in codes.items():
        if hmac.compare_digest(right.encode(), given):
            return step
    return None


def _totp_step(sealed: str, code: str, last_step: int) -> int | None:
    step = totp_counter(unseal(sealed), code)
    return None if step is None or step <= last_step else step


def _use_totp_step(person_id: str, step: int) -> None:
    """Take a code out of use; of two senders of one code only the first gets through."""
    used = write(
        lambda: execute(
            "UPDATE access_credential SET totp_last_step = %s"
            " WHERE person_id = %s AND totp_last_step < %s",
            (step, person_id, step),
        )
    )
    if not used:
        raise CredentialsRefused


def _record_tampering(person_id: str, purpose: str, channel: str) -> None:
    """Keep that a secret was changed from outside, and raise an alert (11.300(d))."""
    event = CredentialTampered(person_id, purpose, channel)
    intent = Intent(new_id(), "access.report_tampering", "", GUARD, Origin("system", channel))
    transact(intent, lambda: [Pending(f"person/{person_id}", event)])


def _standing(person_id: str) -> tuple[str, int]:
    """Return the account's status and its failures in a row, as they are now."""
    row = fetch_one("SELECT status, failures FROM access_person WHERE id = %s", (person_id,))
    return (str(row[0]), int(row[1])) if row else ("", 0)


def _record_failure(person_id: str, purpose: str, channel: str) -> None:
    def work() -> list[Pending]:
        status, before = _standing(person_id)
        failures = before + 1
        stream = f"person/{person_id}"
        pendings = [Pending(stream, CredentialsFailed(person_id, purpose, channel, failures))]
        if failures >= FAILURES_BEFORE_LOCK and status == PersonStatus.ACTIVE:
            pendings.append(Pending(stream, AccountLocked(person_id, failures)))
        return pendings

    command_id = new_id()
    intent = Intent(command_id, "access.refuse_credentials", "", GUARD, Origin("system", channel))
    transact(intent, work, locks=(f"person/{person_id}",))
