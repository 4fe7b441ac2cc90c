"""What changed from one text to another is shown whole, and nothing else as changed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from daytwo.doors.web.masters.redline import AROUND, Line, redline

TEXTS = st.lists(st.sampled_from(["a", "b", "- c: 1", "  d: 2", ""]), max_size=30)


def test_changed_line_stands_between_the_lines_around_it():
    old = "\n".join(f"line {n}" for n in range(1, 21))
    new = old.replace("line 10", "line ten")
    assert redline(old, new) == [
        [
            Line("same", 8, "line 8"),
            Line("same", 9, "line 9"),
            Line("gone", 10, "line 10"),
            Line("new", 10, "line ten"),
            Line("same", 11, "line 11"),
            Line("same", 12, "line 12"),
        ]
    ]


def test_places_far_apart_are_apart():
    old = "\n".join(f"line {n}" for n in range(1, 41))
    new = old.replace("line 10\n", "").replace("line 30", "line 30\nline 30.5")
    first, second = redline(old, new)
    assert [line for line in first if line.mark != "same"] == [Line("gone", 10, "line 10")]
    assert [line for line in second if line.mark != "same"] == [Line("new", 30, "line 30.5")]


@given(TEXTS, TEXTS)
def test_gone_lines_taken_from_the_old_text_and_new_ones_put_in_give_the_new_one(old, new):
    places = redline("\n".join(old), "\n".join(new))
    lines = [line for place in places for line in place]
    gone = {line.number for line in lines if line.mark == "gone"}
    come = {line.number for line in lines if line.mark == "new"}
    before, after = "\n".join(old).splitlines(), "\n".join(new).splitlines()
    kept = [text for number, text in enumerate(before, 1) if number not in gone]
    assert kept == [text for number, text in enumerate(after, 1) if number not in come]
    assert all(before[line.number - 1] == line.text for line in lines if line.mark == "gone")
    assert all(after[line.number - 1] == line.text for line in lines if line.mark != "gone")
    assert bool(places) is (before != after)
    assert all(any(line.mark != "same" for line in place) for place in places)


def test_lines_around_are_few():
    old = "\n".join("abcdefghij")
    (place,) = redline(old, old.replace("e", "E"))
    assert sum(line.mark == "same" for line in place) == 2 * AROUND
