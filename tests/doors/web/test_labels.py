"""The words for codes."""

from __future__ import annotations

from daytwo.doors.web.labels import label, labelled
from daytwo.record.access.enums import Meaning, Permission


def test_known_code_has_its_own_words() -> None:
    assert label("CPP") == "Critical process parameter"
    assert label(Permission.ORDER_ISSUE) == "issue orders"


def test_unknown_code_is_shown_without_underscores() -> None:
    assert label("high_shear_mixer") == "High shear mixer"
    assert label(Meaning.RELEASED) == "Certified and released"


def test_every_permission_has_words() -> None:
    assert all("." not in label(p) and label(p)[0].islower() for p in Permission)


def test_options_get_words_and_keep_their_values() -> None:
    assert labelled([("comment", "comment")]) == [("comment", "Comment")]
