"""Names of records inside addresses."""

from __future__ import annotations

import pytest
from django.urls import Resolver404, resolve, reverse
from hypothesis import given
from hypothesis import strategies as st

from daytwo.doors.web.keys import Key

KEY = Key()


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
def test_any_name_comes_back_as_it_was(name: str) -> None:
    travelling = KEY.to_url(name)
    assert KEY.to_python(travelling) == name
    assert "/" not in travelling
    assert "." not in travelling


def test_slash_and_dots_do_not_change_the_path() -> None:
    address = reverse("web:batches.discrepancy", kwargs={"batch_id": "..", "discrepancy_id": "a/b"})
    match = resolve(address)
    assert match.kwargs == {"batch_id": "..", "discrepancy_id": "a/b"}


@pytest.mark.parametrize("nonsense", ["~C3", "a~00b"])
def test_nonsense_in_an_address_is_no_address(nonsense: str) -> None:
    with pytest.raises(Resolver404):
        resolve(f"/batches/{nonsense}/")
