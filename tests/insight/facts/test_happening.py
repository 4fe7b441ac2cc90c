"""An event as a fold sees it: microseconds, lateness, who and where from."""

from __future__ import annotations

import pytest

from daytwo.insight.facts.happening import Happening, micros, month_of
from tests.insight.facts.telling import recorded


def seen(**said: object) -> Happening:
    event = recorded(1, "batch.started", "2026-01-31T23:59:59.999999", **said)  # type: ignore[arg-type]
    return Happening(event, lambda fact, key: {"fact": fact, "key": key}, "home")


def test_times_are_whole_microseconds_of_utc() -> None:
    assert micros("1970-01-01T00:00:00.000001Z") == 1
    assert micros("2026-01-01T01:00:00+01:00") == micros("2026-01-01")
    assert (month_of(micros("2026-01-31T23:59:59.999999")), month_of(micros("2026-02-01"))) == (
        "2026-01",
        "2026-02",
    )
    assert month_of(-1) == "1969-12"


@pytest.mark.parametrize(
    ("noted", "minutes", "late"),
    [("2026-02-01T00:30", 30.0, False), ("2026-02-01T00:31", 31.0, True), ("", 0.0, False)],
)
@pytest.mark.parametrize("origin", ["native", "import"])
def test_entry_is_late_over_thirty_minutes(
    origin: str, noted: str, minutes: float, late: bool
) -> None:
    it = seen(from_=origin, noted=noted)
    assert it.late_minutes == pytest.approx(minutes, abs=0.001)
    assert it.late is late or minutes == 30.0


def test_importer_is_not_who_did_it() -> None:
    assert (seen(from_="import", by="olga", role="team 1").person) == "olga"
    nobody = seen(from_="import", by="", role="")
    assert (nobody.person, nobody.role) == (None, None)
    assert (seen(by="sam", role="supervisor").person, seen(by="sam").imported) == ("sam", False)


@pytest.mark.parametrize(
    ("origin", "found"),
    [
        ("native", ("home", "native")),
        ("device", ("home", "native")),
        ("simulation", ("home", "simulation")),
        ("import", ("basel", "import")),
    ],
)
def test_origin_and_site(origin: str, found: tuple[str, str]) -> None:
    assert seen(from_=origin).origin() == found


def test_empty_text_is_unknown_and_a_missing_key_is_no_row() -> None:
    it = seen(a="", b="x")
    assert (it.get("a"), it.get("b"), it.get("c")) == (None, "x", None)
    assert it.row("batch", None) is None
    assert it.row("batch", "B") == {"fact": "batch", "key": ("B",)}
