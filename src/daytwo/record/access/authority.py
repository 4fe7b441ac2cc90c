"""Authority: the one way to call a record command, as a person, with permission and signature."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.conf import settings

from daytwo.kernel.canonical import digest
from daytwo.kernel.clock import now, stamp
from daytwo.kernel.errors import DaytwoError, Denied, Fault, Refused
from daytwo.kernel.ids import new_id
from daytwo.record.access import ceremony
from daytwo.record.access.arguments import check_arguments, plain
from daytwo.record.access.clockwatch import watch_clock
from daytwo.record.access.enums import Meaning, Permission, PersonStatus
from daytwo.record.access.errors import NotPermitted, NotSignedIn, SignatureRefused
from daytwo.record.access.events import CommandRefused, SignatureApplied
from daytwo.record.access.queries import PersonView, find_person, person_asked
from daytwo.record.access.rules import acting_role, who_can
from daytwo.record.ledger.append import Intent, Pending
from daytwo.record.ledger.door import Receipt, repeated, transact
from daytwo.record.ledger.envelope import Actor, Origin
from daytwo.record.ledger.reading import head_version

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from daytwo.record.access.ceremony import Signing, Statement
    from daytwo.record.ledger.sql import Asked

COMMANDS: dict[str, Command] = {}
"""Every command of the record by name."""
_COMMAND_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{7,99}")


@dataclass(frozen=True, slots=True)
class By:
    """Who asks: the session's person, never a name in a form.

    Attributes:
        person_id: The account.
        session_id: The session or token under which it acts.
        channel: `web`, `api`, `cli` or `job`.
        origin: Where the act comes from when it is not this system; None for native.
        known: The person as the door has read it for this request, if it has; a door never keeps
            it for longer. What is decided inside the record's transaction is asked of the record.
    """

    person_id: str
    session_id: str
    channel: str = "web"
    origin: Origin | None = None
    known: PersonView | None = field(default=None, compare=False)


class _ShownForSigning(Exception):  # noqa: N818 - control flow of a rehearsal, not an error
    def __init__(self, statement: Statement) -> None:
        super().__init__()
        self.statement = statement


@dataclass(slots=True)
class Context:
    """What a command's function may know and ask."""

    by: By
    person: PersonView
    actor: Actor
    command: str
    now: datetime
    method: str | None
    signing: Signing | None
    rehearsal: bool = False

    def sign(
        self, meaning: Meaning, stream: str, subject: str, content: Mapping[str, Any]
    ) -> Pending:
        """Return the signature event over the content; in a rehearsal stop and show it instead.

        Raises:
            SignatureRefused: No signature came, or not for exactly this content.

        References:
            21 CFR 11.50(a), 11.70, 11.100(b)-(c), 11.200(a).
        """
        self._check_may_sign()
        record = (stream, head_version(stream), subject)
        sha256 = digest(dict(content))
        who = (self.person.id, self.by.session_id, str(meaning))
        if self.rehearsal:
            challenge = ceremony.make_challenge(*who, record, sha256)
            shown = ceremony.Statement(str(meaning), *record, dict(content), sha256, challenge)
            raise _ShownForSigning(shown)
        if self.signing is None or self.method is None:
            raise SignatureRefused("missing", "This act needs your signature. Nothing was changed.")
        signature_id = ceremony.read_challenge(self.signing.challenge, *who, record, sha256)
        return Pending(
            stream,
            SignatureApplied(
                signature_id=signature_id,
                record=stream,
                record_version=record[1],
                subject=subject,
                content_sha256=sha256,
                meaning=str(meaning),
                signer_id=self.person.id,
                signer_name=self.person.name,
                role=self.actor.role,
                signed_at=stamp(self.now),
                time_zone=settings.SITE_TIME_ZONE,
                method=self.method,
            ),
        )

    def _check_may_sign(self) -> None:
        if not self.person.verified:
            raise SignatureRefused(
                "unverified", "Your identity has not been verified; an administrator can do that."
            )
        if not self.person.attested:
            raise SignatureRefused(
                "unattested", "Accept under My account that your signatures bind you, then sign."
            )
        if self.person.must_change:
            raise SignatureRefused("must_change", "Choose a password of your own first, then sign.")
        if self.person.must_enrol:
            raise SignatureRefused("must_enrol", "Enrol a second factor first, then sign.")


def _any_role(arguments: Mapping[str, Any]) -> str | None:  # noqa: ARG001
    """Name no role: the first that gives the permission is the one."""
    return None


def _nothing(arguments: Mapping[str, Any]) -> tuple[()]:  # noqa: ARG001
    return ()


@dataclass(frozen=True, slots=True)
class Command:
    """One verb of the record.

    Attributes:
        name: Stable dotted name.
        permission: What the person's roles must give.
        emits: The event classes that it may append, in addition to signatures.
        signed: Meanings of the signatures that it may ask for; empty for none.
        locks: Returns the streams that its rules rely on, from its arguments.
        function: The body: loads, asks rules, returns events; writes nothing itself.
        acting: Names, for who has several roles, the role that this act is done in.
        ahead: Returns what the body will ask of the database, to be sent in one trip.
    """

    name: str
    permission: Permission
    emits: tuple[type, ...]
    signed: tuple[Meaning, ...]
    locks: Callable[[Mapping[str, Any]], Sequence[str]]
    function: Callable[..., list[Pending]]
    acting: Callable[[Mapping[str, Any]], str | None] = _any_role
    ahead: Callable[[Mapping[str, Any]], Sequence[Asked]] = _nothing

    def __call__(
        self, by: By, *, command_id: str, signing: Signing | None = None, **arguments: Any
    ) -> Receipt:
        """Do it: admission, signature, rules, events and rows in one transaction.

        Args:
            by: Who asks.
            command_id: Made by the sender; the same one twice is one act.
            signing: The answered challenge where the act needs a signature.
            **arguments: The function's own.

        Raises:
            Denied: Not this person. Refused: a rule said no. Both are recorded.
        """
        if not _COMMAND_ID.fullmatch(command_id):
            raise Refused("command.id", "The command id must be 8 to 100 plain characters.")
        check_arguments(arguments)
        try:
            intent = self._intent(by, command_id, arguments)
            before = repeated(intent) if signing is not None and self.signed else None
            if before is not None:
                # Done before: the same answer, and no password or code is used up for it.
                return before
            method = self._authenticate(by, signing)
            receipt = self._transact(by, intent, signing, method, arguments)
        except (Refused, Denied) as error:
            self._record(by, error, arguments)
            raise
        if by.origin is None:
            watch_clock()
        return receipt

    def rehearse(self, by: By, **arguments: Any) -> Statement | None:
        """Run every rule up to the signature and return what is to be signed; change nothing.

        Returns:
            The statement, or None when the act, so called, needs no signature.
        """
        check_arguments(arguments)
        try:
            context = self._context(by, None, None, arguments, rehearsal=True)
            if not self.signed:
                return None
            self.function(context, **arguments)
        except _ShownForSigning as shown:
            return shown.statement
        except (Refused, Denied) as error:
            self._record(by, error, arguments)
            raise
        return None

    def admits(self, by: By, **arguments: Any) -> By:
        """Return the same authority when it may ask for this act at all; record who may not.

        Args:
            by: Who asks.
            **arguments: What is named of the act, for the record of a refusal.

        References:
            21 CFR 11.10(d), (g); EU GMP Annex 11 §12.
        """
        try:
            person, _ = self._admitted(by, arguments)
        except (Refused, Denied) as error:
            self._record(by, error, arguments)
            raise
        return replace(by, known=person)

    def _intent(self, by: By, command_id: str, arguments: dict[str, Any]) -> Intent:
        person, role = self._admitted(by, arguments)
        return Intent(
            command_id,
            self.name,
            digest({"by": by.person_id, "arguments": plain(arguments)}),
            Actor(person.id, person.name, role),
            by.origin or Origin("native", by.channel),
        )

    def _transact(
        self,
        by: By,
        intent: Intent,
        signing: Signing | None,
        method: str | None,
        arguments: dict[str, Any],
    ) -> Receipt:
        def work() -> list[Pending]:
            # Asked again inside: a right may have gone while the password was hashed.
            asked = replace(by, known=None)
            fresh = self._context(asked, signing, method, arguments)
            pendings = self.function(fresh, **arguments)
            known = (*self.emits, SignatureApplied)
            stray = [p for p in pendings if not isinstance(p.event, known)]
            if stray:
                raise Fault("command.emits", f"{self.name} made an event that it does not declare.")
            return pendings

        ahead = (person_asked(by.person_id), *self.ahead(arguments))
        return transact(intent, work, locks=self.locks(arguments), ahead=ahead)

    def _admitted(self, by: By, arguments: Mapping[str, Any]) -> tuple[PersonView, str]:
        """Admit the person, in the role that the act is done in where the person has several."""
        person, role = admit(by, self.permission)
        if len(person.roles) > 1:
            wanted = self.acting(arguments)
            role = wanted if wanted in person.roles else role
        return person, str(role)

    def _context(
        self,
        by: By,
        signing: Signing | None,
        method: str | None,
        arguments: Mapping[str, Any],
        *,
        rehearsal: bool = False,
    ) -> Context:
        person, role = self._admitted(by, arguments)
        actor = Actor(person.id, person.name, role)
        return Context(by, person, actor, self.name, now(), method, signing, rehearsal)

    def _authenticate(self, by: By, signing: Signing | None) -> str | None:
        if signing is None or not self.signed:
            return None
        return ceremony.authenticate(
            by.person_id, signing.password, signing.totp, purpose=self.name, channel=by.channel
        )

    def _record(self, by: By, error: DaytwoError, arguments: Mapping[str, Any]) -> None:
        person = find_person(by.person_id)
        if person is None:
            return
        role = acting_role(person.roles, self.permission) or (person.roles or ("none",))[0]
        actor = Actor(person.id, person.name, str(role))
        target = "; ".join(f"{k}={v}" for k, v in arguments.items() if k.endswith("_id"))[:200]
        refused = CommandRefused(self.name, error.code, error.detail[:500], target, by.channel)
        intent = Intent(new_id(), "access.record_refusal", "", actor, Origin("system", by.channel))
        pending = Pending(f"refusal/{person.id}", refused)
        with suppress(Refused):
            transact(intent, lambda: [pending])


def admit(by: By, permission: Permission) -> tuple[PersonView, str]:
    """Return the person and the acting role, or refuse.

    Raises:
        NotSignedIn: There is no such active person. NotPermitted: the roles do not allow it.

    References:
        21 CFR 11.10(d), (g): authority is checked on the server for every act.
    """
    person = by.known or find_person(by.person_id)
    if person is None or person.status == PersonStatus.DEACTIVATED:
        raise NotSignedIn
    if person.status == PersonStatus.LOCKED:
        raise Denied("access.locked", "This account is locked; an administrator can unlock it.")
    role = acting_role(person.roles, permission)
    if role is None and permission is not Permission.ACCOUNT_OWN:
        raise NotPermitted(permission, who_can(permission))
    if person.must_change and permission is not Permission.ACCOUNT_OWN:
        raise Denied("access.must_change", "Choose a password of your own first.")
    if person.must_enrol and permission is not Permission.ACCOUNT_OWN:
        raise Denied(
            "access.must_enrol",
            "Your role asks for a second factor; enrol one first, under My account.",
        )
    return person, str(role or "none")


def command(
    name: str,
    *,
    permission: Permission,
    emits: tuple[type, ...],
    signed: tuple[Meaning, ...] = (),
    locks: Callable[[Mapping[str, Any]], Sequence[str]] = _nothing,
    acting: Callable[[Mapping[str, Any]], str | None] = _any_role,
    ahead: Callable[[Mapping[str, Any]], Sequence[Asked]] = _nothing,
) -> Callable[[Callable[..., list[Pending]]], Command]:
    """Make a function a command of the record; refuses a second one of the same name."""

    def register(function: Callable[..., list[Pending]]) -> Command:
        if name in COMMANDS:
            raise Fault("command.duplicate", f"Two commands are named {name!r}.")
        COMMANDS[name] = Command(name, permission, emits, signed, locks, function, acting, ahead)
        return COMMANDS[name]

    return register
