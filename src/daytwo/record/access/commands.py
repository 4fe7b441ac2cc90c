"""Verbs of people and access: register, grant, verify, attest, deactivate, unlock, tokens."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta

from daytwo.kernel.clock import stamp
from daytwo.kernel.errors import Refused
from daytwo.record.access.authority import Context, command
from daytwo.record.access.enums import Permission, PersonStatus, Role
from daytwo.record.access.events import (
    AccountabilityAttested,
    AccountUnlocked,
    AlertAcknowledged,
    CredentialSet,
    IdentityVerified,
    MappingSaved,
    PersonDeactivated,
    PersonRegistered,
    RoleGranted,
    RoleRevoked,
    SecondFactorLifted,
    SecondFactorRequired,
    TokenIssued,
    TokenRevoked,
    TotpEnrolled,
    TotpRemoved,
)
from daytwo.record.access.hashing import digest_of
from daytwo.record.access.queries import (
    find_mapping,
    id_given,
    open_alerts,
    person,
    second_factors,
    token_known,
    tokens,
)
from daytwo.record.access.rules import TOKEN_DAYS_MOST, check_other_person, check_roles_apart
from daytwo.record.ledger.append import Pending
from daytwo.record.ledger.reading import head_version
from daytwo.record.ledger.sql import execute

ATTESTATION = (
    "I accept that my electronic signatures in this system bind me as my handwritten signature"
    " does, that I am accountable for what is done under my account, and that I keep my password"
    " to myself."
)
"""What is accepted before a first signature (21 CFR 11.10(j), 11.100(c))."""
_PERSON = Permission.PEOPLE_MANAGE
_FACTORS = "system/second-factor"
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MAPPING = re.compile(r"[a-z][a-z0-9-]{0,59}")


def _stream(arguments: object) -> tuple[str, ...]:
    person_id = arguments["person_id"] if isinstance(arguments, dict) else ""
    return (f"person/{person_id}",)


@command("access.register_person", permission=_PERSON, emits=(PersonRegistered,), locks=_stream)
def register_person(ctx: Context, *, person_id: str, name: str) -> list[Pending]:  # noqa: ARG001
    """Open an account; an id that was ever given, in any case of letters, is refused.

    References:
        21 CFR 11.100(a), 11.300(a): unique to one individual, not reused or reassigned.
    """
    if head_version(f"person/{person_id}") or id_given(person_id):
        raise Refused("access.id_used", "This id was given before and is never given again.")
    if not person_id.replace(".", "").replace("-", "").isalnum() or not person_id.isascii():
        raise Refused("access.id_form", "An id is made of letters, digits, dots and hyphens.")
    if not name.strip():
        raise Refused("access.name_missing", "Give the name as it is to be printed.")
    return [Pending(f"person/{person_id}", PersonRegistered(person_id, name.strip()))]


@command("access.grant_role", permission=_PERSON, emits=(RoleGranted,), locks=_stream)
def grant_role(ctx: Context, *, person_id: str, role: str, reason: str) -> list[Pending]:
    """Give a role, with the reason; nobody gives one to himself (21 CFR 11.10(d), (g))."""
    known = person(person_id)
    check_other_person(ctx.person.id, person_id, "Giving a role")
    _must_be_usable(known.status)
    _need_reason(reason)
    if role not in set(Role):
        raise Refused("access.role_unknown", f"There is no role {role}.")
    check_roles_apart(known.roles, Role(role))
    if role in known.roles:
        raise Refused("access.role_held", "The person has this role already.")
    return [Pending(f"person/{person_id}", RoleGranted(person_id, role), reason=reason)]


@command("access.revoke_role", permission=_PERSON, emits=(RoleRevoked,), locks=_stream)
def revoke_role(ctx: Context, *, person_id: str, role: str, reason: str) -> list[Pending]:
    """Take a role back, with the reason; nobody takes his own, so that an administrator stays."""
    check_other_person(ctx.person.id, person_id, "Taking a role back")
    _need_reason(reason)
    if role not in person(person_id).roles:
        raise Refused("access.role_not_held", "The person does not have this role.")
    return [Pending(f"person/{person_id}", RoleRevoked(person_id, role), reason=reason)]


@command("access.verify_identity", permission=_PERSON, emits=(IdentityVerified,), locks=_stream)
def verify_identity(ctx: Context, *, person_id: str, document: str) -> list[Pending]:
    """Record that proof of identity was seen, before any signature (21 CFR 11.100(b))."""
    check_other_person(ctx.person.id, person_id, "Verifying an identity")
    _must_be_usable(person(person_id).status)
    if not document.strip():
        raise Refused("access.document_missing", "Say which proof of identity was seen.")
    return [Pending(f"person/{person_id}", IdentityVerified(person_id, document.strip()))]


@command("access.attest", permission=Permission.ACCOUNT_OWN, emits=(AccountabilityAttested,))
def attest(ctx: Context, *, statement: str) -> list[Pending]:
    """Accept accountability for one's own signatures, word by word (21 CFR 11.10(j))."""
    if statement != ATTESTATION:
        raise Refused("access.attestation", "The statement must be accepted as it was shown.")
    person_id = ctx.person.id
    return [Pending(f"person/{person_id}", AccountabilityAttested(person_id, ATTESTATION))]


@command("access.set_password", permission=_PERSON, emits=(CredentialSet,), locks=_stream)
def set_password(ctx: Context, *, person_id: str, encoded: str, reason: str) -> list[Pending]:
    """Set a first or forgotten password that must be changed before it can sign (11.200(a)(2)).

    Args:
        ctx: Who asks.
        person_id: Whose password.
        encoded: Its Argon2id hash, computed before the transaction.
        reason: Why.
    """
    check_other_person(ctx.person.id, person_id, "Resetting a password")
    _need_reason(reason)
    _must_be_usable(person(person_id).status)
    store_password(person_id, encoded)
    event = CredentialSet(person_id, digest_of(encoded), must_change=True)
    return [Pending(f"person/{person_id}", event, reason=reason)]


@command("access.change_password", permission=Permission.ACCOUNT_OWN, emits=(CredentialSet,))
def change_password(ctx: Context, *, encoded: str) -> list[Pending]:
    """Replace one's own password; the caller has authenticated the person with the old one."""
    person_id = ctx.person.id
    store_password(person_id, encoded)
    event = CredentialSet(person_id, digest_of(encoded), must_change=False)
    return [Pending(f"person/{person_id}", event)]


@command("access.enrol_totp", permission=Permission.ACCOUNT_OWN, emits=(TotpEnrolled,))
def enrol_totp(ctx: Context, *, sealed: str, counter: int) -> list[Pending]:
    """Enrol a second factor that has just shown a right code; the code's step is used up.

    One that is enrolled is not replaced: a session alone must not exchange what proves the person.
    """
    if ctx.person.totp:
        raise Refused(
            "access.totp_held", "You have a second factor. An administrator can remove a lost one."
        )
    person_id = ctx.person.id
    execute(
        "UPDATE access_credential SET totp_sealed = %s, totp_last_step = %s WHERE person_id = %s",
        (sealed, counter, person_id),
    )
    return [Pending(f"person/{person_id}", TotpEnrolled(person_id, digest_of(sealed)))]


@command("access.remove_totp", permission=_PERSON, emits=(TotpRemoved,), locks=_stream)
def remove_totp(ctx: Context, *, person_id: str, reason: str) -> list[Pending]:
    """Remove a lost second factor (21 CFR 11.300(c))."""
    check_other_person(ctx.person.id, person_id, "Removing a second factor")
    _need_reason(reason)
    if not person(person_id).totp:
        raise Refused("access.totp_none", "This account has no second factor.")
    execute("UPDATE access_credential SET totp_sealed = '' WHERE person_id = %s", (person_id,))
    return [Pending(f"person/{person_id}", TotpRemoved(person_id), reason=reason)]


@command(
    "access.require_second_factor",
    permission=_PERSON,
    emits=(SecondFactorRequired,),
    locks=lambda _: (_FACTORS,),
)
def require_second_factor(ctx: Context, *, role: str, reason: str) -> list[Pending]:  # noqa: ARG001
    """Ask a second factor of everybody in a role; who has none opens nothing until it is enrolled.

    References:
        Draft EU GMP Annex 11 (2025) §11.6: multi-factor authentication, above all from afar.
    """
    _need_reason(reason)
    if role not in set(Role):
        raise Refused("access.role_unknown", f"There is no role {role}.")
    if role in {row.role for row in second_factors()}:
        raise Refused("access.factor_required", "This role asks for a second factor already.")
    return [Pending(_FACTORS, SecondFactorRequired(role), reason=reason)]


@command(
    "access.lift_second_factor",
    permission=_PERSON,
    emits=(SecondFactorLifted,),
    locks=lambda _: (_FACTORS,),
)
def lift_second_factor(ctx: Context, *, role: str, reason: str) -> list[Pending]:  # noqa: ARG001
    """Ask it no longer, which raises an alert; factors that are enrolled stay in force."""
    _need_reason(reason)
    if role not in {row.role for row in second_factors()}:
        raise Refused("access.factor_not_required", "This role asks for no second factor.")
    return [Pending(_FACTORS, SecondFactorLifted(role), reason=reason)]


@command("access.unlock", permission=_PERSON, emits=(AccountUnlocked,), locks=_stream)
def unlock(ctx: Context, *, person_id: str, reason: str) -> list[Pending]:
    """Open a locked account again, with the reason."""
    check_other_person(ctx.person.id, person_id, "Unlocking an account")
    _need_reason(reason)
    if person(person_id).status != PersonStatus.LOCKED:
        raise Refused("access.not_locked", "This account is not locked.")
    return [Pending(f"person/{person_id}", AccountUnlocked(person_id), reason=reason)]


@command("access.acknowledge_alert", permission=_PERSON, emits=(AlertAcknowledged,))
def acknowledge_alert(ctx: Context, *, alert: int, comment: str) -> list[Pending]:  # noqa: ARG001
    """Close an alert that needs no other act, with what was found and done.

    Args:
        ctx: Who asks.
        alert: The number of the event that raised it.
        comment: What was found and done.
    """
    _need_reason(comment)
    found = next((row for row in open_alerts() if row.event_seq == alert), None)
    if found is None:
        raise Refused("access.alert_unknown", "There is no open alert of this number.")
    if found.kind == "account locked":
        raise Refused("access.alert_locked", "Unlock or deactivate the account; that closes it.")
    return [Pending("system/alerts", AlertAcknowledged(alert, comment.strip()), reason=comment)]


@command("access.deactivate", permission=_PERSON, emits=(PersonDeactivated,), locks=_stream)
def deactivate(ctx: Context, *, person_id: str, reason: str) -> list[Pending]:
    """Close an account for good; it is never deleted and its id never given again."""
    check_other_person(ctx.person.id, person_id, "Deactivating an account")
    _need_reason(reason)
    _must_be_usable(person(person_id).status)
    return [Pending(f"person/{person_id}", PersonDeactivated(person_id), reason=reason)]


@command("access.issue_token", permission=Permission.ACCOUNT_OWN, emits=(TokenIssued,))
def issue_token(
    ctx: Context, *, token_id: str, name: str, secret_digest: str, days: int
) -> list[Pending]:
    """Make a token for a program that acts as this person; only its digest is kept."""
    if not 1 <= days <= TOKEN_DAYS_MOST:
        raise Refused("access.token_days", f"A token lives 1 to {TOKEN_DAYS_MOST} days.")
    if not name.strip():
        raise Refused("access.name_missing", "Name the program that will use the token.")
    if not _DIGEST.fullmatch(secret_digest):
        raise Refused("access.token_digest", "A token is kept as the SHA-256 of its secret.")
    if token_known(token_id, secret_digest):
        raise Refused("access.token_id_used", "A token of this id or secret was made before.")
    person_id = ctx.person.id
    expires = stamp(ctx.now + timedelta(days=days))
    event = TokenIssued(person_id, token_id, name.strip(), secret_digest, expires)
    return [Pending(f"person/{person_id}", event)]


@command("access.revoke_token", permission=Permission.ACCOUNT_OWN, emits=(TokenRevoked,))
def revoke_token(ctx: Context, *, token_id: str) -> list[Pending]:
    """Take one of one's own tokens out of use."""
    person_id = ctx.person.id
    if token_id not in {token.id for token in tokens(person_id) if not token.revoked}:
        raise Refused("access.token_unknown", "You have no such token in use.")
    return [Pending(f"person/{person_id}", TokenRevoked(person_id, token_id))]


@command(
    "import.save_mapping",
    permission=Permission.IMPORT_RUN,
    emits=(MappingSaved,),
    locks=lambda arguments: (f"mapping/{arguments['mapping_id']}",),
)
def save_mapping(
    ctx: Context,  # noqa: ARG001
    *,
    mapping_id: str,
    version: int,
    title: str,
    text: str,
    reason: str = "",
) -> list[Pending]:
    """Put a version of an import mapping on the record: what a run is made by, for ever readable.

    References:
        EU GMP Annex 11 (2011) clauses 4.8, 10: data that are moved into the system, and changes.
    """
    if not _MAPPING.fullmatch(mapping_id):
        raise Refused(
            "import.mapping_id", "A mapping's name is made of lower-case letters, digits, hyphens."
        )
    if not text.strip():
        raise Refused("import.mapping_empty", "There is no text to save.")
    last = find_mapping(mapping_id)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    if last is not None and last.sha256 == sha256:
        raise Refused(
            "import.mapping_same", f"Version {last.version} of {mapping_id} has this very text."
        )
    if version <= (last.version if last else 0):
        raise Refused(
            "import.mapping_version",
            f"Version {last.version if last else 0} of {mapping_id} stands already; the next is "
            f"{last.version + 1 if last else 1}.",
        )
    event = MappingSaved(mapping_id, version, title.strip(), text, sha256)
    return [Pending(f"mapping/{mapping_id}", event, reason=reason.strip() or None)]


def store_password(person_id: str, encoded: str) -> None:
    execute(
        "INSERT INTO access_credential (person_id, password, totp_sealed, totp_last_step)"
        " VALUES (%s, %s, '', 0)"
        " ON CONFLICT (person_id) DO UPDATE SET password = excluded.password",
        (person_id, encoded),
    )


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("access.reason_missing", "Say why; the reason is kept with the change.")


def _must_be_usable(status: str) -> None:
    if status == PersonStatus.DEACTIVATED:
        raise Refused("access.deactivated", "This account was closed and cannot be used again.")
