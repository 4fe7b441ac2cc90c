"""Events of people, roles, credentials, signatures and refusals."""

from __future__ import annotations

from dataclasses import dataclass

from daytwo.record.ledger.catalogue import event


@event("access.person.registered")
@dataclass(frozen=True, slots=True)
class PersonRegistered:
    """A person got an account; the id is never issued again."""

    person_id: str
    name: str


@event("access.person.identity_verified")
@dataclass(frozen=True, slots=True)
class IdentityVerified:
    """Somebody saw proof of who this is (21 CFR 11.100(b))."""

    person_id: str
    document: str


@event("access.person.attested")
@dataclass(frozen=True, slots=True)
class AccountabilityAttested:
    """The person accepted that signatures here bind like handwritten ones (11.10(j), 11.100(c))."""

    person_id: str
    statement: str


@event("access.person.deactivated")
@dataclass(frozen=True, slots=True)
class PersonDeactivated:
    """The account can no longer be used; it stays readable for ever."""

    person_id: str


@event("access.role.granted")
@dataclass(frozen=True, slots=True)
class RoleGranted:
    """A role was given."""

    person_id: str
    role: str


@event("access.role.revoked")
@dataclass(frozen=True, slots=True)
class RoleRevoked:
    """A role was taken back."""

    person_id: str
    role: str


@event("access.credential.set")
@dataclass(frozen=True, slots=True)
class CredentialSet:
    """A password was set; only a digest of its hash is recorded, so that a swapped one shows."""

    person_id: str
    digest: str
    must_change: bool


@event("access.totp.enrolled")
@dataclass(frozen=True, slots=True)
class TotpEnrolled:
    """A second factor was enrolled; only a digest of the sealed secret is recorded."""

    person_id: str
    digest: str


@event("access.totp.removed")
@dataclass(frozen=True, slots=True)
class TotpRemoved:
    """The second factor was lost and removed (11.300(c))."""

    person_id: str


@event("access.second_factor.required")
@dataclass(frozen=True, slots=True)
class SecondFactorRequired:
    """Whoever has this role must have a second factor from now on."""

    role: str


@event("access.second_factor.lifted")
@dataclass(frozen=True, slots=True)
class SecondFactorLifted:
    """A second factor may be enrolled by whoever has this role, and need not be."""

    role: str


@event("access.signed_in")
@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session began."""

    person_id: str
    session_id: str
    channel: str
    method: str


@event("access.signed_out")
@dataclass(frozen=True, slots=True)
class SignedOut:
    """A session ended: by the person, or because nobody was there."""

    person_id: str
    session_id: str
    cause: str


@event("access.credentials_refused")
@dataclass(frozen=True, slots=True)
class CredentialsFailed:
    """A password or code was wrong, at sign-in or at a signature."""

    person_id: str
    purpose: str
    channel: str
    failures: int


@event("access.credential.tampered")
@dataclass(frozen=True, slots=True)
class CredentialTampered:
    """The stored secret is not the one that was recorded: somebody was at the database."""

    person_id: str
    purpose: str
    channel: str


@event("access.account.locked")
@dataclass(frozen=True, slots=True)
class AccountLocked:
    """Too many failures in a row; raises an alert to the administrators (11.300(d))."""

    person_id: str
    failures: int


@event("access.account.unlocked")
@dataclass(frozen=True, slots=True)
class AccountUnlocked:
    """An administrator opened a locked account again."""

    person_id: str


@event("access.token.issued")
@dataclass(frozen=True, slots=True)
class TokenIssued:
    """A person made a token for a program; only its digest is recorded."""

    person_id: str
    token_id: str
    name: str
    digest: str
    expires_at: str


@event("access.token.revoked")
@dataclass(frozen=True, slots=True)
class TokenRevoked:
    """A token was taken out of use."""

    person_id: str
    token_id: str


@event("access.command.refused")
@dataclass(frozen=True, slots=True)
class CommandRefused:
    """A rule or the role matrix said no; the record that was aimed at is unchanged."""

    command: str
    code: str
    detail: str
    target: str
    channel: str


@event("access.signature.applied")
@dataclass(frozen=True, slots=True)
class SignatureApplied:
    """A signature, in the stream of the record that it signs (21 CFR 11.50, 11.70).

    `content_sha256` is over the canonical JSON of exactly what was shown; `record_version` is the
    stream's version at that moment; `signed_at` is UTC text and `time_zone` the site's zone.
    """

    signature_id: str
    record: str
    record_version: int
    subject: str
    content_sha256: str
    meaning: str
    signer_id: str
    signer_name: str
    role: str
    signed_at: str
    time_zone: str
    method: str


@event("access.alert.acknowledged")
@dataclass(frozen=True, slots=True)
class AlertAcknowledged:
    """An administrator looked at an alert and says what was done (draft Annex 11 §8)."""

    alert: int
    comment: str
