"""Answers about people and their access."""

from __future__ import annotations

from ninja import Schema


class SessionOut(Schema):
    """Who is asking: a session's or a token's person, with present rights."""

    person: str
    name: str
    roles: list[str]
    permissions: list[str]
    kind: str
    csrf_token: str | None
    idle_seconds: int | None
    must_change_password: bool
    must_enrol_second_factor: bool
    verified: bool
    attested: bool


class PersonOut(Schema):
    """An account with its present roles."""

    id: str
    name: str
    status: str
    verified: bool
    attested: bool
    must_change: bool
    totp: bool
    must_enrol: bool
    roles: list[str]


class GrantOut(Schema):
    """A role given to a person: since when, by whom, why, and until when; times are UTC text."""

    person_id: str
    role: str
    granted_at: str
    granted_by: str
    reason: str
    revoked_at: str | None
    revoked_by: str
    event_seq: int


class RefusalOut(Schema):
    """An act that was refused; `at` is UTC text."""

    event_seq: int
    at: str
    person_id: str
    command: str
    code: str
    detail: str
    target: str


class AlertOut(Schema):
    """Something an administrator must look at; `at` is UTC text."""

    event_seq: int
    at: str
    kind: str
    subject: str


class TokenLine(Schema):
    """One of one's own tokens; `expires_at` is UTC text, the secret is not kept."""

    id: str
    name: str
    expires_at: str
    revoked: bool


class NewToken(Schema):
    """A new token: the only time that its secret is told."""

    command_id: str
    secret: str


class NewPassword(Schema):
    """A random first password, told once; it must be changed before anything else."""

    command_id: str
    password: str


class NewFactor(Schema):
    """The secret of a second factor that is not enrolled yet."""

    secret: str
    address: str


class Done(Schema):
    """An act on one's own account was recorded."""

    command_id: str
