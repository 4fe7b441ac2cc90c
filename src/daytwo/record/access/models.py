"""Rows of people, grants, signatures, refusals and alerts, and the store of secrets."""

from __future__ import annotations

from django.db import models


class Person(models.Model):
    """An account as the events left it."""

    id = models.CharField(max_length=100, primary_key=True)
    name = models.TextField()
    status = models.CharField(max_length=20)
    registered_at = models.CharField(max_length=27)
    verified_at = models.CharField(max_length=27, null=True)
    attested_at = models.CharField(max_length=27, null=True)
    credential_digest = models.CharField(max_length=64, default="")
    credential_set_at = models.CharField(max_length=27, null=True)
    must_change = models.BooleanField(default=True)
    totp_digest = models.CharField(max_length=64, default="")
    failures = models.IntegerField(default=0)
    last_signed_in_at = models.CharField(max_length=27, null=True)

    class Meta:
        """Names."""

        app_label = "access"
        db_table = "access_person"


class RoleGrant(models.Model):
    """A role given to a person, and until when: the access-rights register."""

    event_seq = models.BigIntegerField(primary_key=True)
    person_id = models.CharField(max_length=100, db_index=True)
    role = models.CharField(max_length=30)
    granted_at = models.CharField(max_length=27)
    granted_by = models.TextField()
    reason = models.TextField(default="")
    revoked_at = models.CharField(max_length=27, null=True)
    revoked_by = models.TextField(default="")

    class Meta:
        """Names."""

        app_label = "access"
        db_table = "access_role_grant"


class Credential(models.Model):
    """Secrets: not projected from events; anchored to them by a digest."""

    person_id = models.CharField(max_length=100, primary_key=True)
    password = models.TextField()
    totp_sealed = models.TextField(default="")
    totp_last_step = models.BigIntegerField(default=0)

    class Meta:
        """Names."""

        app_label = "access"
        db_table = "access_credential"


class SecondFactor(models.Model):
    """A role of which a second factor is asked: since when, by whom, why."""

    role = models.CharField(max_length=30, primary_key=True)
    required_at = models.CharField(max_length=27)
    required_by = models.TextField()
    reason = models.TextField(default="")

    class Meta:
        """Names."""

        app_label = "access"
        db_table = "access_second_factor"


class Signature(models.Model):
    """A signature as its event holds it; whether it still holds is asked, never stored."""

    id = models.CharField(max_length=100, primary_key=True)
    event_seq = models.BigIntegerField()
    record = models.CharField(max_length=200)
    record_version = models.IntegerField()
    subject = models.CharField(max_length=200)
    content_sha256 = models.CharField(max_length=64)
    meaning = models.CharField(max_length=40)
    signer_id = models.CharField(max_length=100)
    signer_name = models.TextField()
    role = models.CharField(max_length=30)
    signed_at = models.CharField(max_length=27)
    time_zone = models.TextField()
    method = models.CharField(max_length=40)

    class Meta:
        """Names."""

        app_label = "access"
        db_table = "access_signature"
        indexes = (models.Index(fields=["record", "subject"], name="access_signature_record"),)


class Refusal(models.Model):
    """A command that was refused."""

    event_seq = models.BigIntegerField(primary_key=True)
    at = models.CharField(max_length=27)
    person_id = models.CharField(max_length=100, db_index=True)
    command = models.CharField(max_length=100)
    code = models.CharField(max_length=100)
    detail = models.TextField()
    target = models.CharField(max_length=200)

    class Meta:
        """Names."""

        app_label = "access"
        db_table = "access_refusal"


class Alert(models.Model):
    """Something an administrator must see: a locked account, a drifting clock."""

    event_seq = models.BigIntegerField(primary_key=True)
    at = models.CharField(max_length=27)
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=200)
    open = models.BooleanField(default=True)

    class Meta:
        """Names."""

        app_label = "access"
        db_table = "access_alert"


class Token(models.Model):
    """A program's token, by digest."""

    id = models.CharField(max_length=100, primary_key=True)
    person_id = models.CharField(max_length=100)
    name = models.TextField()
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.CharField(max_length=27)
    revoked = models.BooleanField(default=False)

    class Meta:
        """Names."""

        app_label = "access"
        db_table = "access_token"


class MappingVersion(models.Model):
    """One version of an import mapping, as it was put on the record."""

    event_seq = models.BigIntegerField(primary_key=True)
    mapping_id = models.CharField(max_length=60)
    version = models.IntegerField()
    title = models.TextField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    saved_at = models.CharField(max_length=27)
    saved_by = models.TextField()
    reason = models.TextField(default="")

    class Meta:
        """Names."""

        app_label = "access"
        db_table = "access_mapping_version"
        constraints = (
            models.UniqueConstraint(fields=["mapping_id", "version"], name="access_mapping_once"),
        )
