"""What gets installed is pinned, hashed, from nowhere in particular, and freely licensed."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.tree import ROOT, plant

if TYPE_CHECKING:
    from pathlib import Path

LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-spark.lock")
ADDRESS = re.compile(
    r"\w+://|file:|\bgit\+|^\s*-(?!-hash)|--(?!hash)\w| @ |#|(^|[\s=\"'])(/|~|\.{1,2}/|[A-Za-z]:\\)"
)
"""An index, a link, an option, a comment (tools write paths there), a path of some machine."""

PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)(?P<rest>.*)$")
COPYLEFT = re.compile(r"(?<!L)GPL|GNU (Affero )?General", re.IGNORECASE)
WEAK_COPYLEFT = {"psycopg", "psycopg-binary"}
"""LGPL-3.0: used unmodified, by import, in the extra `postgresql`; nothing else may join."""


def addresses(text: str) -> list[str]:
    return [line for line in text.splitlines() if ADDRESS.search(line)]


def pins(text: str) -> dict[str, set[str]]:
    """Return the versions of each package; two where they differ by Python version."""
    found: dict[str, set[str]] = {}
    for line in text.splitlines():
        if match := PIN.match(line):
            found.setdefault(canonicalize_name(match["name"]), set()).add(match["version"])
    return found


def without_hash(text: str) -> list[str]:
    entries = re.split(r"\n(?=\S)", text.strip())
    return [entry for entry in entries if not re.search(r"--hash=sha256:[0-9a-f]{64}", entry)]


def unlocked(root: Path, lock: str, *extras: str) -> list[str]:
    """Name the requirements of pyproject that the lock does not meet."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = list(project.get("dependencies", []))
    for extra in extras:
        wanted += project["optional-dependencies"][extra]
    have = pins((root / lock).read_text(encoding="utf-8"))
    found = []
    for text in wanted:
        requirement = Requirement(text)
        versions = have.get(canonicalize_name(requirement.name), set())
        if not versions or not all(map(requirement.specifier.contains, versions)):
            found.append(text)
    return found


def licence(name: str) -> str:
    data = metadata.metadata(name)
    trove = [line for line in data.get_all("Classifier") or [] if line.startswith("License")]
    # Old metadata puts a whole licence text into the field: its first line is the name.
    field = (data.get("License") or "").partition("\n")[0]
    return " | ".join(filter(None, [data.get("License-Expression"), field, *trove]))


def test_locks_hold_no_address_and_no_path() -> None:
    assert {lock: addresses((ROOT / lock).read_text(encoding="utf-8")) for lock in LOCKS} == {
        lock: [] for lock in LOCKS
    }


def test_every_pin_has_a_hash() -> None:
    for lock in LOCKS:
        text = (ROOT / lock).read_text(encoding="utf-8")
        assert len(pins(text)) > (1 if "spark" in lock else 20)
        assert without_hash(text) == []


def test_locks_meet_what_pyproject_asks() -> None:
    assert unlocked(ROOT, "requirements.lock", "postgresql", "build") == []
    assert unlocked(ROOT, "requirements-dev.lock", "postgresql", "build", "dev") == []
    spark = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (wanted,) = map(Requirement, spark["optional-dependencies"]["spark"])
    text = (ROOT / "requirements-spark.lock").read_text(encoding="utf-8")
    assert all(map(wanted.specifier.contains, pins(text)[wanted.name]))


def test_both_locks_say_the_same_of_the_runtime() -> None:
    runtime, dev = (pins((ROOT / lock).read_text(encoding="utf-8")) for lock in LOCKS[:2])
    assert {name: dev.get(name) for name in runtime} == runtime


def test_runtime_is_free_of_strong_copyleft() -> None:
    names = pins((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    installed = {canonicalize_name(d.metadata["Name"]) for d in metadata.distributions()}
    licences = {name: licence(name) for name in names if name in installed}
    assert len(licences) > 20
    assert {name: text for name, text in licences.items() if COPYLEFT.search(text)} == {}
    weak = {name for name, text in licences.items() if "LGPL" in text}
    assert weak <= WEAK_COPYLEFT


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://host.example/simple",
        "-i https://host.example/simple",
        "--find-links wheels",
        "thing @ file:///somewhere/thing.whl",
        "-e .",
        "/somewhere/wheels/thing-1.0.whl",
        "# made by a tool with -o /somewhere/requirements.lock",
        "thing @ git+ssh://host.example/thing",
    ],
)
def test_address_in_a_lock_is_named(line: str) -> None:
    good = "thing==1.0 ; sys_platform == 'win32' \\\n    --hash=sha256:" + "0" * 64
    assert addresses(good) == []
    assert addresses(f"{good}\n{line}") == [line]


def test_pin_without_hash_is_named() -> None:
    good = "thing==1.0 \\\n    --hash=sha256:" + "0" * 64
    assert without_hash(f"{good}\nother==2.0\n") == ["other==2.0"]


def test_requirement_missing_from_the_lock_is_named(tmp_path: Path) -> None:
    text = '[project]\ndependencies = ["thing>=2", "other"]\n'
    plant(tmp_path, "pyproject.toml", text)
    plant(tmp_path, "requirements.lock", "thing==1.0 \\\nother==3\n")
    assert unlocked(tmp_path, "requirements.lock") == ["thing>=2"]


@pytest.mark.parametrize(
    ("text", "refused"),
    [("GPL-3.0", True), ("AGPL-3.0", True), ("LGPL-3.0-only", False), ("MIT", False)],
)
def test_strong_copyleft_is_recognised(text: str, *, refused: bool) -> None:
    assert bool(COPYLEFT.search(text)) is refused
