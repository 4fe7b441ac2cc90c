"""The catalogues say what the code says: every event, command, right, state and KPI, in order."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from daytwo.doors.jobs import catalogues
from daytwo.kernel.quantity import Quantity
from daytwo.record.access.authority import COMMANDS
from daytwo.record.access.rules import MATRIX
from daytwo.record.batches.rules.states import BATCH_TRANSITIONS

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Poured:
    """Something was poured
    (a clause).

    It is said twice.

    Attributes:
        lot: The lot, such as `L-1`.
        amount: How much; None where
            the source does not say.
    """

    lot: str
    amount: Quantity | None
    note: str = ""


def test_about_reads_summary_and_fields() -> None:
    said, fields = catalogues.about(Poured)
    assert said == "Something was poured (a clause). It is said twice."
    assert fields == {
        "lot": "The lot, such as `L-1`.",
        "amount": "How much; None where the source does not say.",
    }


def test_about_takes_a_class_without_fields() -> None:
    class Bare:
        """Nothing more."""

    assert catalogues.about(Bare) == ("Nothing more.", {})


@pytest.mark.parametrize(
    ("hint", "words"),
    [
        (str, "str"),
        (Quantity, "Quantity"),
        (Quantity | None, "Quantity | None"),
        (dict[str, Any], "dict[str, Any]"),
        (list[dict[str, str]], "list[dict[str, str]]"),
        (tuple[str, ...], "tuple[str, ...]"),
    ],
)
def test_type_words_has_no_module_paths(hint: object, words: str) -> None:
    assert catalogues.type_words(hint) == words


def test_table_escapes_bars_and_shows_empty_cells() -> None:
    made = catalogues.table(("A", "B"), [("`str | None`", ""), (0, "two\nlines")])
    assert made.splitlines() == [
        "| A | B |",
        "| --- | --- |",
        "| `str \\| None` | — |",
        "| 0 | two lines |",
    ]


def test_events_page_has_the_fields_with_type_and_meaning() -> None:
    page = catalogues.pages()["events.md"]
    assert "| `size` | `Quantity` | Batch size. |" in page
    assert "| `promised_on` | `Day \\| None` |" in page
    assert "Class `BatchPlanned`, schema 1\n- Appended by `order.issue`\n" in page
    assert "Projected by `batches`; taken into the facts `batch`" in page


def test_permissions_page_has_every_right_and_command() -> None:
    page = catalogues.pages()["permissions.md"]
    for permission in MATRIX:
        assert f"| `{permission}` | " in page
    ours = [c for c in COMMANDS.values() if c.function.__module__.startswith("daytwo.")]
    assert len(ours) > 20
    for command in ours:
        assert f"| `{command.name}` | " in page


def test_states_page_has_what_may_follow() -> None:
    page = catalogues.pages()["states.md"]
    batch = page.partition("## Batch\n")[2].partition("## ")[0]
    for state, nexts in BATCH_TRANSITIONS.items():
        row = next(line for line in batch.splitlines() if line.startswith(f"| `{state}` |"))
        assert set(row.split("`")[1::2]) == {str(state), *map(str, nexts)}
    assert "| `running` | `held`, `complete`, `aborted` |" in page


def test_kpis_page_has_the_definition() -> None:
    page = catalogues.pages()["kpis.md"]
    assert "## K1 Batch release cycle time" in page
    assert "| Start event | batch.manufacture.ended |" in page
    assert "<function" not in page


def test_write_puts_every_page_into_a_new_folder(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "docs"
    written = catalogues.write(folder)
    assert {path.name: path.read_text(encoding="utf-8") for path in written} == catalogues.pages()


def test_pages_are_the_same_in_every_process() -> None:
    """A set has no order of its own: what is made from one must not change from run to run."""
    outputs = {
        subprocess.run(
            [sys.executable, "-m", "daytwo.config.cli", "catalogue"],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(outputs) == 1
