"""What access refuses says why, and who can help."""

from __future__ import annotations

from daytwo.kernel.errors import Denied, Refused
from daytwo.record.access.errors import (
    CredentialsRefused,
    NotPermitted,
    NotSignedIn,
    SegregationRefused,
    SignatureRefused,
)


def test_missing_right_names_who_has_it():
    error = NotPermitted("batch.review", ("quality",))
    assert isinstance(error, Denied)
    assert error.info == {"permission": "batch.review", "who_can": ["quality"]}
    assert "It can be done by: quality." in str(error)
    assert "nobody" in str(NotPermitted("x", ()))


def test_refused_credentials_say_no_more_than_is_needed():
    assert CredentialsRefused().code == "access.credentials"
    assert "or" in str(CredentialsRefused())
    assert CredentialsRefused(locked=True).code == "access.locked"


def test_codes_tell_the_case():
    assert NotSignedIn().code == "access.not_signed_in"
    assert SignatureRefused("missing", "x", {"a": 1}).code == "signature.missing"
    assert SignatureRefused("missing", "x", {"a": 1}).info == {"a": 1}
    assert SegregationRefused("same_person", "x").code == "segregation.same_person"
    assert isinstance(SegregationRefused("x", "y"), Refused)
