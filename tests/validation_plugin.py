"""Pytest plugin that writes the validation matrix: requirement, tests, result, what is not covered.

`make validation` loads it; it writes `build/validation.md` and `build/validation.json` and fails
when a requirement that must have a passing test (`[tool.daytwo.validation]`) has none. What each
requirement asks is read from the design papers when they lie beside the checkout; without them the
matrix holds the ids alone.
"""

from __future__ import annotations

import json
import platform
import re
import subprocess
import tomllib
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from os import environ
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

IDS = tuple(f"R{number:02}" for number in range(1, 64))
PAPER = Path("../shared/design/requirements.md")
WORST_FIRST = ("failed", "skipped", "passed")
ENTRY = re.compile(r"^(\d+)\.\s+(.*)$")


@dataclass
class Row:
    """One requirement: its test results by node id, and the verdict over them."""

    id: str
    text: str = ""
    tests: dict[str, str] = field(default_factory=dict)

    @property
    def result(self) -> str:
        """Say failed if any test failed, passed if one did and none failed, else what is left."""
        results = set(self.tests.values())
        for result in ("failed", "passed", "skipped"):
            if result in results:
                return result
        return "not covered"


def requirements(paper: Path) -> dict[str, str]:
    """Return what each requirement asks, by id; empty texts where the paper is absent."""
    texts = dict.fromkeys(IDS, "")
    if paper.exists():
        for line in paper.read_text(encoding="utf-8").splitlines():
            match = ENTRY.match(line)
            if match and (name := f"R{int(match[1]):02}") in texts:
                texts[name] = match[2].strip()
    return texts


def worst(results: Iterable[str]) -> str:
    """Return the result of a test from those of its phases (setup, call, teardown)."""
    found = set(results)
    return next(result for result in WORST_FIRST if result in found)


def matrix(texts: Mapping[str, str], outcomes: Mapping[str, tuple[list[str], str]]) -> list[Row]:
    """Put the outcomes of tests to the requirements they show.

    Args:
        texts: What each requirement asks, by id.
        outcomes: For each test its node id, the ids it shows, and its result.
    """
    rows = {name: Row(name, text) for name, text in texts.items()}
    for test, (ids, result) in sorted(outcomes.items()):
        for name in ids:
            rows[name].tests[test] = result
    return list(rows.values())


def missing(rows: Iterable[Row], required: Iterable[str]) -> list[str]:
    """Return the ids that must have a passing test and no failing one, and do not."""
    good = {row.id for row in rows if row.result == "passed"}
    return [name for name in required if name not in good]


def markdown(rows: list[Row], circumstances: Mapping[str, str], lacking: list[str]) -> str:
    """Return the matrix as a page to read, to print and to sign."""
    counts = {
        result: sum(row.result == result for row in rows)
        for result in ("passed", "failed", "skipped", "not covered")
    }
    lines = [
        "# Validation matrix",
        "",
        *(f"- {name}: {value}" for name, value in circumstances.items()),
        f"- requirements: {', '.join(f'{count} {name}' for name, count in counts.items())}",
        f"- required and not shown: {', '.join(lacking) or 'none'}",
        "",
        "| requirement | asks | tests | result |",
        "|---|---|---|---|",
    ]
    for row in rows:
        tests = "<br>".join(f"`{test}` {result}" for test, result in row.tests.items())
        asks = row.text.replace("|", "\\|")
        lines.append(f"| {row.id} | {asks} | {tests or '—'} | {row.result} |")
    uncovered = [row.id for row in rows if row.result == "not covered"]
    lines += ["", "## Not covered", "", ", ".join(uncovered) or "Nothing.", ""]
    return "\n".join(lines)


SHOWS = "requirement"
"""Under this name a test's requirements travel with its reports, out of a worker too."""


class Validation:
    """Listens to one run of pytest; of a run shared by workers, to the process that hears them."""

    def __init__(self, config: pytest.Config) -> None:
        self.root = config.rootpath
        self.ids: dict[str, list[str]] = {}
        self.results: dict[str, list[str]] = {}
        self.lacking: list[str] = []
        self.unknown: set[str] = set()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            ids = [name for mark in item.iter_markers("requirement") for name in mark.args]
            item.user_properties += [(SHOWS, name) for name in ids]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        ids = [str(value) for name, value in report.user_properties if name == SHOWS]
        if ids:
            self.unknown |= set(ids) - set(IDS)
            self.ids[report.nodeid] = [name for name in ids if name in IDS]
            self.results.setdefault(report.nodeid, []).append(report.outcome)

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        if hasattr(session.config, "workerinput"):
            return
        outcomes = {test: (ids, worst(self.results[test])) for test, ids in self.ids.items()}
        rows = matrix(requirements(self.root / PAPER), outcomes)
        self.lacking = missing(rows, required(self.root / "pyproject.toml"))
        folder = self.root / "build"
        folder.mkdir(exist_ok=True)
        found = dict(circumstances(self.root))
        text = markdown(rows, found, self.lacking)
        (folder / "validation.md").write_text(text, encoding="utf-8")
        content = {
            "circumstances": found,
            "requirements": [asdict(row) | {"result": row.result} for row in rows],
            "missing": self.lacking,
        }
        (folder / "validation.json").write_text(json.dumps(content, indent=1), encoding="utf-8")
        if self.lacking and exitstatus == 0:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        if self.unknown:
            session.exitstatus = pytest.ExitCode.USAGE_ERROR

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.write_line("validation matrix: build/validation.md, build/validation.json")
        if self.lacking:
            terminalreporter.write_line(f"required and not shown: {', '.join(self.lacking)}")
        if self.unknown:
            unknown = ", ".join(sorted(self.unknown))
            terminalreporter.write_line(f"tests show requirements that do not exist: {unknown}")


def required(pyproject: Path) -> list[str]:
    """Return the ids that must have a passing test."""
    if not pyproject.exists():
        return []
    tool = tomllib.loads(pyproject.read_text(encoding="utf-8")).get("tool", {})
    return list(tool.get("daytwo", {}).get("validation", {}).get("required", []))


def circumstances(root: Path) -> Iterator[tuple[str, str]]:
    """Yield what was tested, on what, and when."""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=40"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    yield "daytwo", version("daytwo")
    yield "commit", commit.stdout.strip() or "unknown"
    yield "database", environ.get("DAYTWO_TEST_DATABASE", "sqlite")
    yield "Python", platform.python_version()
    yield "Django", version("django")
    yield "system", platform.platform()
    yield "time", datetime.now(UTC).isoformat(timespec="seconds")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Validation(config), "daytwo-validation")
