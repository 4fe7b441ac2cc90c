"""The literal subset of YAML: lines, exact numbers, and what is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daytwo.record.recipes.document.tree import MAX_BYTES, MAX_DEPTH, Node, read_tree


def bare(node: Node | None) -> Any:
    """Return a tree without its lines."""
    assert node is not None
    if isinstance(node.value, dict):
        return {key: bare(child) for key, child in node.value.items()}
    if isinstance(node.value, list):
        return [bare(child) for child in node.value]
    return node.value


def read(text: str) -> Any:
    root, issues = read_tree(text)
    assert issues == ()
    return bare(root)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("205.0", Decimal("205.0")),
        ("-3", Decimal(-3)),
        ("0", Decimal(0)),
        ("0.1", Decimal("0.1")),
        ("12345678901234567890.12345678901", Decimal("12345678901234567890.12345678901")),
        ('"205.0"', "205.0"),
        ("'7'", "7"),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        # What YAML 1.1 would turn into something else.
        ("no", "no"),
        ("Yes", "Yes"),
        ("on", "on"),
        ("True", "True"),
        ("12:30", "12:30"),
        ("2026-06-15", "2026-06-15"),
        ("0x1f", "0x1f"),
        ("017", "017"),
        ("1_000", "1_000"),
        ("1e5", "1e5"),
        ("1.", "1."),
        (".5", ".5"),
        ("+5", "+5"),
        (".inf", ".inf"),
        ("12.000 kg", "12.000 kg"),
    ],
)
def test_scalar_is_what_stands_there(source: str, value: object) -> None:
    got = read(f"key: {source}\n")["key"]
    assert got == value
    assert type(got) is type(value)
    assert str(got) == str(value)


def test_number_never_passes_through_a_float() -> None:
    assert str(read("x: 0.1000000000000000055511151231257827")["x"]) == (
        "0.1000000000000000055511151231257827"
    )


def test_nodes_know_their_line() -> None:
    root, _ = read_tree("# one\na: 1\nb:\n  - x\n\n  - y: 2\n")
    assert root is not None
    assert isinstance(root.value, dict)
    assert root.value["a"].line == 2
    assert root.value["b"].line == 3
    items = root.value["b"].value
    assert isinstance(items, list)
    assert [item.line for item in items] == [4, 6]


def test_repeated_keys_are_each_named_with_both_lines() -> None:
    root, issues = read_tree("a: 1\nb:\n  c: 1\n  c: 2\na: 3\n")
    assert root is not None
    assert [(issue.code, issue.line) for issue in issues] == [
        ("document.duplicate_key", 4),
        ("document.duplicate_key", 5),
    ]
    assert "line 3" in issues[0].detail
    assert "line 1" in issues[1].detail
    assert bare(root) == {"a": 1, "b": {"c": 1}}


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [{','.join(['*' + old] * 9)}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (BOMB, "alias", 2),
        ("a: &x 1\nb: *x\n", "alias", 2),
        ("a: 1\nb: !!python/object/apply:os.system [true]\n", "tag", 2),
        ("a: !!int '5'\n", "tag", 1),
        ("a: !local x\n", "tag", 1),
        ("a: 1\n---\nb: 2\n", "many", 2),
        ("", "empty", None),
        ("# only a comment\n", "empty", None),
        ("? [a, b]\n: 1\n", "key", 1),
        ("a: [1, 2\nb: 3\n", "yaml", 2),
        ("a: 'open\n", "yaml", 2),
        ("a: b: c\n", "yaml", 1),
        ("a:\n\t- tab\n", "yaml", 2),
        ("a: \x07bell\n", "yaml", None),
        ("a: \ud800\n", "yaml", None),
        (f"a:\n  {'9' * 41}\n", "number", 2),
        ("\n" + "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), "depth", 2),
        ("[" * 100_000, "depth", 1),
        ("{a: " * 100_000, "depth", 1),
        ("x" * (MAX_BYTES + 1), "size", None),
        ("µ" * (MAX_BYTES // 2 + 1), "size", None),
    ],
)
def test_what_is_not_literal_or_bounded_is_refused(text: str, code: str, line: int | None) -> None:
    root, issues = read_tree(text)
    assert root is None
    assert [issue.code for issue in issues] == [f"document.{code}"]
    if line is not None:
        assert issues[0].line == line


def test_largest_depth_and_size_are_allowed() -> None:
    assert read("[" * MAX_DEPTH + "]" * MAX_DEPTH) is not None
    root, issues = read_tree("'" + "x" * (MAX_BYTES - 2) + "'")
    assert root is not None
    assert issues == ()


@given(st.text(max_size=200) | st.text(alphabet="ab:- \n[]{}&*!|>'\"#%?,0.", max_size=80))
def test_any_text_gives_a_tree_or_issues(text: str) -> None:
    root, issues = read_tree(text)
    assert root is not None or issues
