"""The only writer of people's rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F

from daytwo.record.access.enums import PersonStatus
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
from daytwo.record.ledger.projections import Projection
from daytwo.record.ledger.sql import execute

if TYPE_CHECKING:
    from daytwo.record.ledger.envelope import Recorded

access = Projection(
    "access",
    (Person, RoleGrant, SecondFactor, Signature, Refusal, Alert, Token, MappingVersion),
)


@access.on("access.person.registered")
def _registered(event: Recorded) -> None:
    Person.objects.create(
        id=event.data.person_id,
        name=event.data.name,
        status=PersonStatus.ACTIVE,
        registered_at=event.recorded_text,
    )


@access.on("access.person.identity_verified")
def _verified(event: Recorded) -> None:
    _update(event, verified_at=event.recorded_text)


@access.on("access.person.attested")
def _attested(event: Recorded) -> None:
    _update(event, attested_at=event.recorded_text)


@access.on("access.person.deactivated")
def _deactivated(event: Recorded) -> None:
    _update(event, status=PersonStatus.DEACTIVATED)
    Alert.objects.filter(kind="account locked", subject=event.data.person_id).update(open=False)
    Token.objects.filter(person_id=event.data.person_id).update(revoked=True)


@access.on("access.role.granted")
def _granted(event: Recorded) -> None:
    RoleGrant.objects.create(
        event_seq=event.seq,
        person_id=event.data.person_id,
        role=event.data.role,
        granted_at=event.recorded_text,
        granted_by=event.actor.name,
        reason=event.reason or "",
    )


@access.on("access.role.revoked")
def _revoked(event: Recorded) -> None:
    RoleGrant.objects.filter(
        person_id=event.data.person_id, role=event.data.role, revoked_at=None
    ).update(revoked_at=event.recorded_text, revoked_by=event.actor.name)


@access.on("access.credential.set")
def _credential(event: Recorded) -> None:
    _update(
        event,
        credential_digest=event.data.digest,
        credential_set_at=event.recorded_text,
        must_change=event.data.must_change,
        failures=0,
    )


@access.on("access.totp.enrolled")
def _totp(event: Recorded) -> None:
    _update(event, totp_digest=event.data.digest)


@access.on("access.totp.removed")
def _totp_removed(event: Recorded) -> None:
    _update(event, totp_digest="")


@access.on("access.second_factor.required")
def _factor_required(event: Recorded) -> None:
    SecondFactor.objects.create(
        role=event.data.role,
        required_at=event.recorded_text,
        required_by=event.actor.name,
        reason=event.reason or "",
    )


@access.on("access.second_factor.lifted")
def _factor_lifted(event: Recorded) -> None:
    SecondFactor.objects.filter(role=event.data.role).delete()
    _alert(event, "second factor lifted", event.data.role)


@access.on("access.signed_in")
def _signed_in(event: Recorded) -> None:
    _update(event, failures=0, last_signed_in_at=event.recorded_text)


@access.on("access.credentials_refused")
def _failed(event: Recorded) -> None:
    Person.objects.filter(id=event.data.person_id).update(failures=F("failures") + 1)


@access.on("access.credential.tampered")
def _tampered(event: Recorded) -> None:
    kind, subject = "secret changed from outside", event.data.person_id
    if not Alert.objects.filter(kind=kind, subject=subject, open=True).exists():
        _alert(event, kind, subject)


@access.on("access.account.locked")
def _locked(event: Recorded) -> None:
    _update(event, status=PersonStatus.LOCKED)
    _alert(event, "account locked", event.data.person_id)


@access.on("access.account.unlocked")
def _unlocked(event: Recorded) -> None:
    _update(event, status=PersonStatus.ACTIVE, failures=0)
    Alert.objects.filter(kind="account locked", subject=event.data.person_id).update(open=False)


@access.on("access.token.issued")
def _token(event: Recorded) -> None:
    Token.objects.create(
        id=event.data.token_id,
        person_id=event.data.person_id,
        name=event.data.name,
        digest=event.data.digest,
        expires_at=event.data.expires_at,
    )


@access.on("access.token.revoked")
def _token_revoked(event: Recorded) -> None:
    Token.objects.filter(id=event.data.token_id).update(revoked=True)


@access.on("access.command.refused")
def _refused(event: Recorded) -> None:
    Refusal.objects.create(
        event_seq=event.seq,
        at=event.recorded_text,
        person_id=event.actor.id,
        command=event.data.command,
        code=event.data.code,
        detail=event.data.detail,
        target=event.data.target,
    )


@access.on("access.signature.applied")
def _signed(event: Recorded) -> None:
    data = event.data
    execute(
        "INSERT INTO access_signature (id, event_seq, record, record_version, subject,"
        " content_sha256, meaning, signer_id, signer_name, role, signed_at, time_zone, method)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            data.signature_id,
            event.seq,
            data.record,
            data.record_version,
            data.subject,
            data.content_sha256,
            data.meaning,
            data.signer_id,
            data.signer_name,
            data.role,
            data.signed_at,
            data.time_zone,
            data.method,
        ),
    )
    Person.objects.filter(id=data.signer_id, failures__gt=0).update(failures=0)


@access.on("system.clock.drifted")
def _drifted(event: Recorded) -> None:
    _alert(event, "clock drift", f"{event.data.drift_ms} ms against {event.data.against}")


@access.on("access.alert.acknowledged")
def _acknowledged(event: Recorded) -> None:
    Alert.objects.filter(event_seq=event.data.alert).update(open=False)


@access.on("system.mapping.saved")
def _mapping(event: Recorded) -> None:
    MappingVersion.objects.create(
        event_seq=event.seq,
        mapping_id=event.data.mapping_id,
        version=event.data.version,
        title=event.data.title,
        text=event.data.text,
        sha256=event.data.sha256,
        saved_at=event.recorded_text,
        saved_by=event.actor.name,
        reason=event.reason or "",
    )


def _alert(event: Recorded, kind: str, subject: str) -> None:
    Alert.objects.create(event_seq=event.seq, at=event.recorded_text, kind=kind, subject=subject)


def _update(event: Recorded, **values: object) -> None:
    Person.objects.filter(id=event.data.person_id).update(**values)
