"""The campaign: many requests, each judged by its answer and by what it left in the record."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from random import Random
from typing import TYPE_CHECKING, Any

import pyotp
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.generation import GenerationMode

from daytwo.kernel.ids import new_id
from daytwo.record.access import account, commands
from daytwo.record.access.authority import By
from daytwo.record.access.models import Person
from daytwo.record.ledger.sql import fetch_all
from soak.hostile.requests import Address, Known, addresses, hostile, likely
from soak.hostile.wire import API, Answer, Caller, Sent, Wire

if TYPE_CHECKING:
    from collections.abc import Callable

DESCRIPTION = "/api/openapi.json"
ALLOWED = frozenset({200, 400, 401, 403, 404, 405, 409, 413, 415, 422})
"""What a request may be answered with; everything else is a failure of ours."""
OWN_BOOKS = ("refusal/", "person/", "system/")
"""Streams in which refusals, failed passwords and sessions are written down: they may grow."""
UNLOCKER = By("ada", "drill", "job")


@dataclass
class Report:
    """What became of the requests."""

    cases: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    accepted: Counter[str] = field(default_factory=Counter)
    """Acts that were right after all, by address: the only ones that may change a record."""
    reached: set[str] = field(default_factory=set)
    broken: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Requests sent."""
        return self.cases.total()

    def line(self) -> str:
        """Return the figures in a line."""
        failed = sum(n for status, n in self.statuses.items() if status >= 500)
        spread = " ".join(f"{status}:{n}" for status, n in sorted(self.statuses.items()))
        families = " ".join(f"{name}:{n}" for name, n in sorted(self.cases.items()))
        unchanged = "no" if self.broken else "yes"
        return (
            f"hostile: cases {self.total} ({families}), statuses {spread}, 500s {failed},"
            f" accepted {self.accepted.total()}, addresses {len(self.reached)},"
            f" unchanged by what was refused: {unchanged}"
        )


@dataclass
class Campaign:
    """Sends in the names of several callers and watches the record."""

    wire: Wire
    callers: list[Caller]
    known: Known
    report: Report = field(default_factory=Report)
    progress: Callable[[int], None] = lambda _: None

    def __post_init__(self) -> None:
        """Read the description of the interface, as one of the callers may."""
        reader = next(c for c in self.callers if "Authorization" in c.headers)
        document = self.wire.send(Sent("GET", DESCRIPTION, headers=reader.headers)).content()
        self.places: list[Address] = addresses(document)
        self.schema = schemathesis.openapi.from_wsgi(
            DESCRIPTION, self.wire.application, headers=reader.headers
        )
        # Else whoever asks a second factor of administrators shuts out the one that unlocks.
        secret, _ = account.new_totp(UNLOCKER.person_id)
        code = pyotp.TOTP(secret).now()
        account.confirm_totp(UNLOCKER, secret, code, command_id=new_id())
        self.heads = self._heads()

    def run(self, cases: int, number: int = 0) -> Report:
        """Send at least so many requests: half made from the schema, half hostile.

        Args:
            cases: How many.
            number: The seed; the same one sends the same over the same site.
        """
        chance = Random(number)
        combinations = [
            (found.ok(), mode)
            for found in self.schema.get_all_operations()
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
        ]
        each = max(4, cases // 2 // len(combinations) + 1)
        while self.report.cases["schema"] < cases // 2:
            chance.shuffle(combinations)
            for operation, mode in combinations:
                self._from_schema(operation, mode, each, chance)
                if self.report.cases["schema"] >= cases // 2:
                    break
        while (left := cases - cases // 2 - self.report.cases["hostile"]) > 0:
            self._hostile(min(1000, left), chance.randrange(2**32))
        return self.report

    def _from_schema(self, operation: Any, mode: GenerationMode, each: int, chance: Random) -> None:
        permission = operation.definition.raw.get("x-permission") or ""
        callers = likely(permission, self.known, self.callers)
        place = f"{operation.method.upper()} {operation.path}"

        @seed(chance.randrange(2**32))
        @_sparse(each)
        @given(operation.as_strategy(generation_mode=mode))
        def send(case: Any) -> None:
            caller = chance.choice(callers)
            said = f"{place} {case.path_parameters} {case.query} {case.body!r:.300}"
            self._judge("schema", caller, place, said, self._transport(case, caller))

        send()

    def _transport(self, case: Any, caller: Caller) -> Answer:
        """Send what was made from the schema, but in the caller's name alone."""
        own = {"authorization", "cookie", "x-csrftoken"}
        case.headers = {k: v for k, v in (case.headers or {}).items() if k.lower() not in own}
        case.cookies = {}
        headers = {k: v for k, v in caller.headers.items() if k != "Cookie"}
        cookies = {k: m.value for k, m in SimpleCookie(caller.headers.get("Cookie", "")).items()}
        try:
            got = case.call(headers=headers, cookies=cookies)
        except Exception as error:  # noqa: BLE001 - that is what the drill looks for
            return Answer(599, {}, b"", f"{type(error).__name__}: {error}")
        told = {name.title(): ", ".join(values) for name, values in got.headers.items()}
        return Answer(got.status_code, told, got.content)

    def _hostile(self, count: int, number: int) -> None:
        @seed(number)
        @_sparse(count)
        @given(hostile(self.places, self.known, self.callers))
        def send(drawn: tuple[Caller, Sent]) -> None:
            caller, sent = drawn
            place = f"{sent.method.upper()} {sent.path.partition('?')[0]}"
            self._judge("hostile", caller, place, sent.brief(), self.wire.send(sent))

        send()

    def _judge(self, family: str, caller: Caller, place: str, said: str, answer: Answer) -> None:
        report = self.report
        report.cases[family] += 1
        report.statuses[answer.status] += 1
        report.reached.add(place)
        wrong = _wrong(answer, head="HEAD" in place)
        heads = self._heads()
        changed = {s for s in heads.keys() | self.heads if heads.get(s) != self.heads.get(s)}
        self.heads = heads
        if answer.status == 200 and not place.startswith(("GET", "HEAD")):
            content = answer.content()
            events = (content.get("events") or []) if isinstance(content, dict) else []
            if events or changed:
                report.accepted[place] += 1
            changed -= {event["stream"] for event in events}
        if changed:
            wrong = f"{wrong} changed {sorted(changed)[:3]}"
        if wrong:
            report.broken.append(
                f"{wrong.strip()} | {caller.name} | {said} | {answer.body[:200]!r}"
            )
        self._restore(caller, answer, place)
        self.progress(report.total)

    def _restore(self, caller: Caller, answer: Answer, place: str) -> None:
        """Unlock whom wrong passwords have locked, and sign in again who has signed out."""
        if caller.person:
            for row in Person.objects.filter(status="locked").values_list("id", flat=True):
                commands.unlock(UNLOCKER, command_id=new_id(), person_id=row, reason="drill")
        if "X-CSRFToken" in caller.headers and (
            answer.status == 401 or (place.startswith("DELETE") and answer.status == 200)
        ):
            alive = self.wire.send(Sent("GET", f"{API}session", headers=caller.headers))
            if alive.status == 401:
                self.wire.sign_in(caller, self.known.password)

    def _heads(self) -> dict[str, int]:
        query = "SELECT stream, version FROM ledger_stream"
        return {s: v for s, v in fetch_all(query) if not s.startswith(OWN_BOOKS)}


def _wrong(answer: Answer, *, head: bool) -> str:
    """Return what is wrong with an answer by itself; empty when nothing is."""
    if answer.raised:
        return f"raised {answer.raised}"
    if answer.status not in ALLOWED:
        return f"answered {answer.status}"
    if not answer.headers.get("Content-Type", "").startswith("application/json"):
        return f"answered {answer.headers.get('Content-Type')}"
    content = answer.content()
    if answer.status != 200 and not head and set(content or ()) != {"code", "detail", "info"}:
        return "a failure of another form"
    return ""


def _sparse(examples: int) -> settings:
    return settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
