"""Templates replace names and evaluate nothing."""

from __future__ import annotations

import pytest

from daytwo.doors.connectors.tables.templates import Ref, Template, reference, template


def test_template_is_texts_and_references() -> None:
    made = template("API{api_code}-{lab.lot}")
    assert made == Template(("API", Ref("api_code"), "-", Ref("lot", "lab")))
    assert [str(ref) for ref in made.refs] == ["api_code", "lab.lot"]


@pytest.mark.parametrize(
    "text",
    ["{", "}", "{a", "a}", "{}", "{a.b.c}", "{a!r}", "{a:>9}", "{a.__class__}", "{A}", "{0}"],
)
def test_anything_but_a_name_in_braces_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"brace|name"):
        template(text)


def test_reference_is_a_column_or_one_of_a_lookup() -> None:
    assert reference("lab.start") == Ref("start", "lab")
    with pytest.raises(ValueError, match="not a column's name"):
        reference("{start}")
