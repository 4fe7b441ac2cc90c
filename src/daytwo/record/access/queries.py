"""Readings of people, roles, signatures, refusals and alerts."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from daytwo.kernel.clock import instant, now, stamp
from daytwo.kernel.errors import Unknown
from daytwo.record.access.hashing import digest_of
from daytwo.record.access.models import (
    Alert,
    MappingVersion,
    Person,
    Refusal,
    RoleGrant,
    SecondFactor,
    Signature,
    Token,
)
from daytwo.record.access.rules import password_expired
from daytwo.record.ledger.reading import one_event
from daytwo.record.ledger.sql import fetch_all

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from daytwo.record.ledger.sql import Asked


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person with present roles; times as UTC text."""

    id: str
    name: str
    status: str
    verified: bool
    attested: bool
    must_change: bool
    totp: bool
    roles: tuple[str, ...]
    must_enrol: bool = False
    """A role asks for a second factor, and none is enrolled."""


def person(person_id: str) -> PersonView:
    """Return one person; `Unknown` when there is no such account."""
    found = find_person(person_id)
    if found is None:
        raise Unknown("access.person_unknown", f"There is no account {person_id}.")
    return found


_COLUMNS = (
    "SELECT p.id, p.name, p.status, p.verified_at, p.attested_at, p.must_change, p.totp_digest,"
    " p.credential_set_at, g.role, f.role"
)
_ROLES = (
    " LEFT JOIN access_role_grant g ON g.person_id = p.id AND g.revoked_at IS NULL"
    " LEFT JOIN access_second_factor f ON f.role = g.role"
)
_PERSON = f"{_COLUMNS} FROM access_person p{_ROLES} WHERE p.id = %s ORDER BY g.event_seq"
"""A person with present roles, in one statement: asked before and inside every command."""
_BEARER = (
    f"{_COLUMNS}, t.id FROM access_token t JOIN access_person p ON p.id = t.person_id{_ROLES}"
    " WHERE t.digest = %s AND NOT t.revoked AND t.expires_at > %s ORDER BY g.event_seq"
)
"""The same of who holds a token: a program's every request asks this."""


def person_asked(person_id: str) -> Asked:
    """Return what `find_person` asks."""
    return (_PERSON, (person_id,))


def find_person(person_id: str) -> PersonView | None:
    """Return one person, or None."""
    rows = fetch_all(*person_asked(person_id))
    return _viewed(rows) if rows else None


def _viewed(rows: Sequence[tuple[Any, ...]]) -> PersonView:
    """Return the person of whom there is a row for each role."""
    row = rows[0]
    return PersonView(
        id=row[0],
        name=row[1],
        status=row[2],
        verified=row[3] is not None,
        attested=row[4] is not None,
        must_change=bool(row[5]) or _expired(row[7]),
        totp=bool(row[6]),
        roles=tuple(r[8] for r in rows if r[8] is not None),
        must_enrol=not row[6] and any(r[9] is not None for r in rows),
    )


def _expired(set_at: str | None) -> bool:
    return password_expired(instant(set_at) if set_at else None, now())


def id_given(person_id: str) -> bool:
    """Say whether an account has this id, be it in other letters: `Olga` is `olga` in print."""
    return Person.objects.filter(id__iexact=person_id).exists()


def people() -> list[PersonView]:
    """Return every account, by id."""
    grants: dict[str, list[str]] = {}
    for grant in RoleGrant.objects.filter(revoked_at=None).order_by("event_seq"):
        grants.setdefault(grant.person_id, []).append(grant.role)
    asking = {row.role for row in second_factors()}
    return [
        PersonView(
            id=row.id,
            name=row.name,
            status=row.status,
            verified=row.verified_at is not None,
            attested=row.attested_at is not None,
            must_change=row.must_change or _expired(row.credential_set_at),
            totp=bool(row.totp_digest),
            roles=tuple(grants.get(row.id, ())),
            must_enrol=not row.totp_digest and not asking.isdisjoint(grants.get(row.id, ())),
        )
        for row in Person.objects.order_by("id")
    ]


def second_factors() -> list[SecondFactor]:
    """Return the roles of which a second factor is asked, since when, by whom and why."""
    return list(SecondFactor.objects.order_by("role"))


def access_register() -> list[RoleGrant]:
    """Return every grant ever made: who has or had what, since and until when, by whom, why.

    References:
        EU GMP Annex 11 §12.3; draft Annex 11 (2025) §11.
    """
    return list(RoleGrant.objects.order_by("person_id", "event_seq"))


def open_alerts() -> list[Alert]:
    """Return what administrators must look at, newest first."""
    return list(Alert.objects.filter(open=True).order_by("-event_seq"))


def refusals(limit: int = 100) -> list[Refusal]:
    """Return the last refusals, newest first."""
    return list(Refusal.objects.order_by("-event_seq")[:limit])


@dataclass(frozen=True, slots=True)
class SignatureView:
    """A signature with everything that must be shown beside it, and whether it still holds.

    `state` is `valid`, `changed` (the content is not what was signed: shows as unsigned) or
    `invalid` (the row does not belong to this record, or is not what the ledger holds).
    """

    id: str
    meaning: str
    signer_id: str
    signer_name: str
    role: str
    signed_at: datetime
    time_zone: str
    method: str
    record: str
    record_version: int
    subject: str
    content_sha256: str
    event_seq: int
    state: str


def signatures(record: str, contents: dict[str, str]) -> list[SignatureView]:
    """Return the signatures on a record, each judged against the present content.

    Args:
        record: The stream, such as `batch/B-0001`.
        contents: SHA-256 of the present content by subject (`step/DSP-10`, …).

    References:
        21 CFR 11.50, 11.70; EU GMP Annex 11 §14; draft Annex 11 (2025) §13.8.
    """
    rows = Signature.objects.filter(record=record).order_by("event_seq")
    return [_view(row, record, contents) for row in rows]


def _view(row: Signature, record: str, contents: dict[str, str]) -> SignatureView:
    return SignatureView(
        id=row.id,
        meaning=row.meaning,
        signer_id=row.signer_id,
        signer_name=row.signer_name,
        role=row.role,
        signed_at=instant(row.signed_at),
        time_zone=row.time_zone,
        method=row.method,
        record=row.record,
        record_version=row.record_version,
        subject=row.subject,
        content_sha256=row.content_sha256,
        event_seq=row.event_seq,
        state=_state(row, record, contents),
    )


def _state(row: Signature, record: str, contents: dict[str, str]) -> str:
    event = one_event(row.event_seq)
    if event is None or event.stream != record or event.type != "access.signature.applied":
        return "invalid"
    signed = asdict(event.data)
    shown = {name: getattr(row, "id" if name == "signature_id" else name) for name in signed}
    if shown != signed or row.record != record:
        return "invalid"
    return "valid" if contents.get(row.subject) == row.content_sha256 else "changed"


def token_person(secret: str) -> tuple[PersonView, str] | None:
    """Return the person and the token's id of a program's secret, or None: it does not count."""
    rows = fetch_all(_BEARER, (digest_of(secret), stamp(now())))
    return (_viewed(rows), rows[0][10]) if rows else None


def token_known(token_id: str, secret_digest: str) -> bool:
    """Say whether a token of this id or this secret was ever made, by anybody."""
    return Token.objects.filter(Q(id=token_id) | Q(digest=secret_digest)).exists()


def tokens(person_id: str) -> list[Token]:
    """Return a person's tokens, newest first."""
    return list(Token.objects.filter(person_id=person_id).order_by("-id"))


def mappings() -> list[MappingVersion]:
    """Return the latest version of every import mapping on the record, by name."""
    latest: dict[str, MappingVersion] = {}
    for row in MappingVersion.objects.order_by("mapping_id", "version"):
        latest[row.mapping_id] = row
    return list(latest.values())


def mapping_versions(mapping_id: str) -> list[MappingVersion]:
    """Return every version of an import mapping, the latest first."""
    return list(MappingVersion.objects.filter(mapping_id=mapping_id).order_by("-version"))


def find_mapping(mapping_id: str, version: int | None = None) -> MappingVersion | None:
    """Return a version of an import mapping, the latest unless one is named; None when absent."""
    rows = MappingVersion.objects.filter(mapping_id=mapping_id)
    if version is not None:
        rows = rows.filter(version=version)
    return rows.order_by("-version").first()
