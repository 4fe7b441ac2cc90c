"""The papers say what is so: links resolve, verbs and events are those of the code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.house.test_glossary import events
from tests.house.tree import ROOT, plant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DECISIONS = ROOT / "docs" / "decisions"
HEADINGS = ("Status.", "Context.", "Decision.", "Consequences.")
LINES_OF_A_DECISION = 60
OF_A_PAGE = {"src", "tests", "docs", "bench", "soak"}
"""Folders of the checkout: a path in a paper that begins with one of them must exist."""

LINK = re.compile(r"!?\[[^\]]*\]\(([^()\s]+)\)")
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
ROW = re.compile(r"^\| `daytwo (\w+)` \|", re.MULTILINE)


def papers(root: Path) -> list[Path]:
    return sorted([*root.glob("*.md"), *(root / "docs").rglob("*.md")])


def prose(path: Path) -> str:
    return FENCE.sub("", path.read_text(encoding="utf-8"))


def anchors(path: Path) -> set[str]:
    """Return the names under which a page's headings can be linked to, as GitHub makes them."""
    plain = (re.sub(r"[`*]", "", title) for title in HEADING.findall(prose(path)))
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in plain}


def broken_links(root: Path) -> Iterator[str]:
    for path in papers(root):
        for target in LINK.findall(CODE.sub("", prose(path))):
            if re.match(r"[a-z]+:", target):
                continue
            name, _, anchor = target.partition("#")
            found = (path.parent / name).resolve() if name else path
            if not found.exists():
                yield f"{path.relative_to(root)}: there is no {target}"
            elif anchor and found.suffix == ".md" and anchor not in anchors(found):
                yield f"{path.relative_to(root)}: no heading for {target}"


def lost_paths(root: Path) -> Iterator[str]:
    """Name the paths in code marks that do not exist; a placeholder `<…>` or `…NN…` is none."""
    for path in papers(root):
        for word in CODE.findall(prose(path)):
            named = re.fullmatch(r"([\w.-]+)/[\w./-]+", word)
            if not named or named[1] not in OF_A_PAGE or "NN" in word:
                continue
            if not (root / word).exists():
                yield f"{path.relative_to(root)}: there is no {word}"


def test_links_resolve() -> None:
    assert list(broken_links(ROOT)) == []


def test_paths_that_are_named_exist() -> None:
    assert list(lost_paths(ROOT)) == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("[a](b.md)", 1),
        ("[a](#no-such)", 1),
        ("![a](pictures/none.png)", 1),
        ("[a](#here-and-there)", 0),
        ("[a](https://example.org)", 0),
        ("```\n[a](b.md)\n```", 0),
        ("`[a](b.md)`", 0),
    ],
)
def test_broken_link_is_named(tmp_path: Path, text: str, count: int) -> None:
    plant(tmp_path, "docs/a.md", f"# Here, and `there`\n\n{text}\n")
    assert len(list(broken_links(tmp_path))) == count


@pytest.mark.parametrize(
    ("text", "count"),
    [("`src/daytwo/gone.py`", 1), ("`src/daytwo/<name>.py`", 0), ("`batch/B-0001`", 0)],
)
def test_lost_path_is_named(tmp_path: Path, text: str, count: int) -> None:
    plant(tmp_path, "README.md", f"# A\n\n{text}\n")
    assert len(list(lost_paths(tmp_path))) == count


def test_readme_has_the_verbs_of_the_command_line() -> None:
    import click

    from daytwo.config.cli import main

    named = ROW.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    assert len(named) == len(set(named))
    assert set(named) == set(main.list_commands(click.Context(main)))


def test_every_event_is_in_the_catalogue_of_events() -> None:
    words = set(re.findall(r"\w+", (ROOT / "docs" / "events.md").read_text(encoding="utf-8")))
    assert set(events(ROOT)) - words == set()


def test_readme_names_the_environment_that_settings_read() -> None:
    known = re.compile(r"\"(DAYTWO_[A-Z_]+|DATABASE_URL)\"")
    read = {
        name
        for path in (ROOT / "src").rglob("*.py")
        for name in known.findall(path.read_text(encoding="utf-8"))
    }
    said = set(
        re.findall(
            r"^\| `([A-Z_]+)` \|", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE
        )
    )
    assert read
    assert said == read


def test_readme_names_the_targets_of_make() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE))
    said = set(re.findall(r"`make ([a-z]+)`", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert said <= targets
    assert targets - said <= {"help"}


def test_decisions_are_numbered_whole_and_listed() -> None:
    found = sorted(path for path in DECISIONS.glob("*.md") if path.name != "README.md")
    assert [int(path.name[:4]) for path in found] == list(range(1, len(found) + 1))
    index = (DECISIONS / "README.md").read_text(encoding="utf-8")
    for path in found:
        text = path.read_text(encoding="utf-8")
        title = text.splitlines()[0].removeprefix(f"# {path.name[:4]} ")
        assert f"| [{path.name[:4]}]({path.name}) | {title} |" in index
        assert [h for h in HEADINGS if f"**{h}**" in text] == list(HEADINGS), path.name
        assert len(text.splitlines()) <= LINES_OF_A_DECISION, path.name


def test_papers_name_the_version_of_the_package() -> None:
    from daytwo import __version__

    assert __version__ in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    short = __version__.rpartition(".")[0]
    assert f"Version {short}," in (ROOT / "README.md").read_text(encoding="utf-8")
