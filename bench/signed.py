"""A signed step beside the password hash alone, and what hashing does to a neighbour."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

from bench import master
from bench.figures import Figure, at_most, context
from bench.load import Taken, drive
from bench.plan import Ground, Measurement, Scale
from bench.rounds import alternate, timed
from bench.site import OPERATORS, hand, issue
from bench.step import steps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MORE_MS = 5
WORST_MS = 250
SIGNERS = 4
GROUP = "signature"


def measure(scale: Scale, ground: Ground) -> list[Figure]:  # noqa: ARG001 - one form for all
    """Measure the signing of a step, its hash alone, and an unsigned step beside signers."""
    needed = scale.rounds * (1 + SIGNERS)
    signed = iter(issue((f"S-{n:05d}" for n in range(needed)), signed=True))
    unsigned = iter(issue(f"U-{n:05d}" for n in range(2 * scale.rounds + 1)))
    drive([steps(next(unsigned), OPERATORS[0])])
    return [*_beside_hash(scale, signed), *_neighbours(scale, signed, unsigned)]


def signed_steps(batch_id: str, person: str, most: int) -> list[Callable[[], float]]:
    """Return measured steps of a batch that ask for a signature; only the signing is timed."""
    return [partial(_sign, batch_id, person, number) for number in range(1, most + 1)]


def _sign(batch_id: str, person: str, number: int) -> float:
    from daytwo.doors.jobs.demo.cast import PASSWORD  # noqa: PLC0415 - after setup
    from daytwo.kernel.ids import new_id  # noqa: PLC0415 - after setup
    from daytwo.record.access.ceremony import Signing  # noqa: PLC0415 - after setup
    from daytwo.record.batches.commands import complete_step  # noqa: PLC0415 - after setup

    by = hand(person).by
    arguments = {
        "batch_id": batch_id,
        "step_id": master.step_id(number),
        "entry": master.entry(number),
    }
    shown = complete_step.rehearse(by, **arguments)
    signing = Signing(shown.challenge if shown else "", PASSWORD)
    return timed(lambda: complete_step(by, command_id=new_id(), signing=signing, **arguments))


def _beside_hash(scale: Scale, signed: Iterator[str]) -> list[Figure]:
    from daytwo.doors.jobs.demo.cast import PASSWORD  # noqa: PLC0415 - after setup
    from daytwo.record.access.hashing import hash_password, password_matches  # noqa: PLC0415

    encoded = hash_password(PASSWORD)
    taken: dict[str, list[float]] = {"signed": [], "hash": []}

    def once(name: str, pieces: Callable[[], list[Callable[[], object]]]) -> float:
        done = drive([pieces()])
        taken[name] += done.waits
        return done.rate

    alternate(
        scale.rounds,
        {
            "signed": lambda: once(
                "signed", lambda: [*signed_steps(next(signed), OPERATORS[0], scale.signed)]
            ),
            "hash": lambda: once(
                "hash", lambda: [lambda: password_matches(PASSWORD, encoded)] * scale.signed
            ),
        },
    )
    act, alone = (Taken(waits=taken[name]) for name in ("signed", "hash"))
    more = act.ms(0.5) - alone.ms(0.5)
    return [
        Figure(
            GROUP,
            "signed step p50",
            act.ms(0.5),
            "ms",
            "ms hash alone",
            alone.ms(0.5),
            act.ms(0.5) / alone.ms(0.5),
            f"<= hash + {MORE_MS} ms",
            more <= MORE_MS,
        ),
        context(GROUP, "signed step p99", act.ms(0.99), "ms"),
    ]


def _neighbours(scale: Scale, signed: Iterator[str], unsigned: Iterator[str]) -> list[Figure]:
    """Measure one person's unsigned steps while others sign without a pause, and alone."""
    quiet, beside = Taken(), Taken()

    def alone() -> float:
        done = drive([steps(next(unsigned), OPERATORS[0])])
        quiet.waits.extend(done.waits)
        return done.rate

    def with_signers() -> float:
        stop = threading.Event()
        signers = [
            threading.Thread(target=_sign_until, args=(stop, next(signed), person))
            for person in ("otto", "omar") * (SIGNERS // 2)
        ]
        for signer in signers:
            signer.start()
        try:
            done = drive([steps(next(unsigned), OPERATORS[0])])
        finally:
            stop.set()
            for signer in signers:
                signer.join()
        beside.waits.extend(done.waits)
        return done.rate

    alternate(scale.rounds, {"alone": alone, "with_signers": with_signers})
    return [
        Figure(
            GROUP,
            f"unsigned step p50 while {SIGNERS} sign",
            beside.ms(0.5),
            "ms",
            "ms alone",
            quiet.ms(0.5),
            beside.ms(0.5) / quiet.ms(0.5),
        ),
        at_most(GROUP, "  longest wait", max(beside.waits) * 1000, "ms", WORST_MS),
    ]


def _sign_until(stop: threading.Event, batch_id: str, person: str) -> None:
    from django.db import connection  # noqa: PLC0415 - after setup

    for piece in signed_steps(batch_id, person, master.STEPS):
        if stop.is_set():
            break
        piece()
    connection.close()


MEASUREMENT = Measurement("signed", ("disk",), measure)
