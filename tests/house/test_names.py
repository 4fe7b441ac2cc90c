"""Names say what a thing is, first lines say what a module is for, nothing foreign lies about."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pytest

from tests.house.tree import OURS, ROOT, files, modules, plant, tree

if TYPE_CHECKING:
    from pathlib import Path

FORBIDDEN = frozenset({"common", "utils", "util", "helpers", "helper", "misc"})
FOREIGN_FOLDERS = frozenset({"vendor", "vendored", "third_party", "thirdparty", "node_modules"})
FOREIGN_NAMES = re.compile(
    r"^(alpine|bootstrap|chart|d3|htmx|jquery|plotly|react|tailwind|vega|vue)\b.*\.(js|mjs|css)$"
    r"|\.min\.(js|mjs|css)$"
)
BANNER = re.compile(r"/\*!|@license|@preserve|\bcopyright\b|\(c\) ", re.IGNORECASE)
LONGEST_LINE_BY_HAND = 500


def forbidden_names(root: Path) -> list[str]:
    return [
        f"{path}: a drawer named {part!r} says nothing"
        for path in modules(root, *OURS)
        for part in path.with_suffix("").parts
        if part.removeprefix("test_").strip("_").lower() in FORBIDDEN
    ]


def silent_modules(root: Path) -> list[str]:
    """Name modules whose first line is not one sentence on what they are for."""
    found = []
    for path in modules(root, "src", "bench", "soak"):
        if "migrations" in path.parts:
            continue
        module = tree(root, path)
        first = (ast.get_docstring(module, clean=False) or "").partition("\n")[0]
        starts = bool(module.body) and module.body[0].lineno == 1
        if not starts or not re.fullmatch(r"\S.*\S[.?]", first):
            found.append(f"{path}: the first line is no sentence: {first!r}")
    return found


def foreign_files(root: Path) -> list[str]:
    """Name scripts and style sheets that came from elsewhere instead of from a package."""
    found = []
    for path in files(root, *OURS, "docs"):
        if FOREIGN_FOLDERS & set(path.parts):
            found.append(f"{path}: in a folder of foreign things")
        elif path.suffix in {".js", ".mjs", ".css"}:
            text = (root / path).read_text(encoding="utf-8")
            longest = max(map(len, text.splitlines()), default=0)
            if FOREIGN_NAMES.search(path.name) or BANNER.search(text):
                found.append(f"{path}: by its name or banner from elsewhere")
            elif longest > LONGEST_LINE_BY_HAND:
                found.append(f"{path}: a line of {longest} characters, so not written by hand")
    return found


def test_no_module_has_a_forbidden_name() -> None:
    assert forbidden_names(ROOT) == []


def test_every_module_says_what_it_is_for() -> None:
    assert silent_modules(ROOT) == []


def test_no_script_or_style_is_vendored() -> None:
    assert foreign_files(ROOT) == []


@pytest.mark.parametrize(
    "path",
    [
        "src/daytwo/utils.py",
        "src/daytwo/record/helpers/dates.py",
        "tests/test_misc.py",
        "bench/_common.py",
    ],
)
def test_forbidden_name_is_named(tmp_path: Path, path: str) -> None:
    plant(tmp_path, path, "")
    assert len(forbidden_names(tmp_path)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x = 1\n",
        '"""No full stop"""\n',
        '"""\nOne line too late.\n"""\n',
        "# -*- a comment before -*-\n" + '"""Second line."""\n',
    ],
)
def test_silent_module_is_named(tmp_path: Path, text: str) -> None:
    plant(tmp_path, "src/daytwo/a.py", text)
    assert len(silent_modules(tmp_path)) == 1
    plant(tmp_path, "src/daytwo/a.py", '"""Say what it is for."""\n')
    assert silent_modules(tmp_path) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("src/daytwo/doors/web/static/htmx.js", "x"),
        ("src/daytwo/doors/web/static/ours.min.css", "x"),
        ("src/daytwo/doors/web/static/ours.js", "/*! Thing v1.2 */"),
        ("src/daytwo/doors/web/static/ours.css", "a{}" * 200),
        ("src/daytwo/doors/web/vendor/thing.txt", "x"),
    ],
)
def test_vendored_file_is_named(tmp_path: Path, path: str, text: str) -> None:
    plant(tmp_path, "src/daytwo/doors/web/static/house.css", "/* Ours. */\nbody { margin: 0 }\n")
    assert foreign_files(tmp_path) == []
    plant(tmp_path, path, text)
    assert len(foreign_files(tmp_path)) == 1
