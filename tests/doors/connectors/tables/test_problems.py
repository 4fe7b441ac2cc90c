"""Problems are told in one error, however many."""

from __future__ import annotations

from daytwo.doors.connectors.tables.problems import Problem, refuse


def test_error_lists_places_lines_and_what_to_do() -> None:
    error = refuse("import.mapping", "The mapping m.yaml", [Problem("a.b", "is odd", 7)])
    assert str(error) == (
        "The mapping m.yaml has 1 problem. Nothing was written.\n  - line 7, a.b: is odd"
    )
    assert error.info["problems"] == [{"where": "a.b", "what": "is odd", "line": 7}]
    assert error.permanent


def test_long_lists_are_cut_in_the_text_and_whole_in_the_info() -> None:
    error = refuse("import.files", "It", [Problem(f"p{n}", "x") for n in range(30)])
    assert str(error).endswith("... and 10 more")
    told = error.info["problems"]
    assert isinstance(told, list)
    assert len(told) == 30
