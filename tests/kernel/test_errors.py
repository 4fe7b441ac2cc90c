"""Error families: what a person reads, what a program reads, and that none is lost on the way."""

from __future__ import annotations

import copy
import pickle

import pytest

from daytwo.kernel.errors import (
    ConnectorError,
    DaytwoError,
    Denied,
    Fault,
    Refused,
    Tampered,
    Unknown,
)

FAMILIES = [DaytwoError, Refused, Denied, Unknown, Fault, Tampered]


@pytest.mark.parametrize("family", FAMILIES)
def test_error_reads_as_its_detail(family):
    error = family("batch.on_hold", "The batch is on hold.", {"who": "quality"})
    assert str(error) == "The batch is on hold."
    assert error.code == "batch.on_hold"
    assert error.detail == "The batch is on hold."
    assert error.info == {"who": "quality"}


@pytest.mark.parametrize("family", FAMILIES)
def test_error_is_caught_as_the_root(family):
    with pytest.raises(DaytwoError, match=r"The batch is on hold\."):
        raise family("batch.on_hold", "The batch is on hold.")


def test_families_do_not_catch_each_other():
    leaves = [*FAMILIES[1:], ConnectorError]
    for family in leaves:
        assert [other for other in leaves if issubclass(family, other)] == [family]


def test_error_without_info_has_empty_info():
    assert Refused("a.b", "No.").info == {}


def test_error_info_is_its_own_copy():
    info = {"missing": "lot"}
    error = Refused("a.b", "No.", info)
    info["missing"] = "changed"
    assert error.info == {"missing": "lot"}


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("copied", [copy.copy, lambda error: pickle.loads(pickle.dumps(error))])
def test_error_survives_a_copy(family, copied):
    again = copied(family("a.b", "No.", {"missing": ["lot"]}))
    assert type(again) is family
    assert (again.code, again.detail, again.info) == ("a.b", "No.", {"missing": ["lot"]})


@pytest.mark.parametrize("permanent", [True, False])
@pytest.mark.parametrize("copied", [copy.copy, lambda error: pickle.loads(pickle.dumps(error))])
def test_connector_error_keeps_whether_a_retry_helps(permanent, copied):
    error = ConnectorError("erp.down", "The ERP is down.", {"after": 3}, permanent=permanent)
    for each in (error, copied(error)):
        assert each.permanent is permanent
        assert (each.code, str(each), each.info) == ("erp.down", "The ERP is down.", {"after": 3})


def test_connector_error_must_say_whether_a_retry_helps():
    with pytest.raises(TypeError, match="permanent"):
        ConnectorError("erp.down", "The ERP is down.")
