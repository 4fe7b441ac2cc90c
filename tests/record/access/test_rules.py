"""Who may do what and what is kept apart: the tables, and predicates over values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daytwo.record.access.enums import Permission as P  # noqa: N817 - the table is read often
from daytwo.record.access.enums import Role as R  # noqa: N817 - the table is read often
from daytwo.record.access.errors import SegregationRefused
from daytwo.record.access.rules import (
    IDLE_SECONDS,
    MATRIX,
    PASSWORD_DAYS_MOST,
    PASSWORD_LEAST,
    acting_role,
    allowed,
    check_other_person,
    check_password,
    check_roles_apart,
    password_expired,
    who_can,
)

ROLES = st.sets(st.sampled_from(list(R)))
AUTHORITIES = (
    (P.MBR_WRITE, P.MBR_CHECK),
    (P.MBR_WRITE, P.MBR_APPROVE),
    (P.MBR_CHECK, P.MBR_APPROVE),
    (P.BATCH_EXECUTE, P.BATCH_REVIEW),
    (P.BATCH_EXECUTE, P.BATCH_DISPOSE),
    (P.BATCH_SUPERVISE, P.DISCREPANCY_CLASSIFY),
    (P.RESOURCE_MANAGE, P.LOT_RELEASE),
    (P.PEOPLE_MANAGE, P.BATCH_READ),
)
"""Pairs of rights that no single role may join."""


@pytest.mark.requirement("R23")
@pytest.mark.parametrize("pair", AUTHORITIES, ids=lambda pair: f"{pair[0]}+{pair[1]}")
def test_no_role_does_and_judges(pair):
    assert not MATRIX[pair[0]] & MATRIX[pair[1]]


@pytest.mark.requirement("R23")
def test_every_permission_is_in_the_matrix_and_somebody_has_it():
    assert set(MATRIX) == set(P)
    assert all(MATRIX.values())
    assert {role for roles in MATRIX.values() for role in roles} == set(R)


@pytest.mark.requirement("R23")
def test_importer_touches_no_native_record():
    mine = {permission for permission in P if R.INTEGRATOR in MATRIX[permission]}
    assert mine == {P.ACCOUNT_OWN, P.LEDGER_VERIFY, P.IMPORT_RUN, P.METRICS_READ}


@given(ROLES, st.sampled_from(list(P)))
def test_acting_role_is_held_and_gives_the_right(roles, permission):
    role = acting_role(roles, permission)
    assert allowed(roles, permission) is (role is not None)
    if role is None:
        assert not set(roles) & MATRIX[permission]
    else:
        assert role in roles
        assert role in MATRIX[permission]
    assert set(who_can(permission)) == set(MATRIX[permission])


def test_unknown_role_gives_nothing():
    assert acting_role(["king", ""], P.ACCOUNT_OWN) is None


@pytest.mark.requirement("R23")
@given(ROLES, st.sampled_from(list(R)))
def test_administration_and_gmp_are_never_joined(held, role):
    joined = held | {role}
    mixed = R.ADMINISTRATOR in joined and len(joined) > 1
    try:
        check_roles_apart(held, role)
    except SegregationRefused:
        assert mixed
    else:
        assert not mixed


@pytest.mark.requirement("R23")
def test_doer_is_not_the_checker():
    check_other_person("olga", "otto", "Verifying")
    with pytest.raises(SegregationRefused, match=r"Verifying needs another person"):
        check_other_person("olga", "olga", "Verifying")


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("correct horse", True),
        ("x" * PASSWORD_LEAST, False),
        ("abcdefghijkl", True),
        ("abcdefghijk", False),
        ("my name is olga", False),
        ("OLGA-OLGA-OLGA", False),
        ("brandt in the woods", False),
        ("abcd" * 5, False),
        ("tab\tin the middle", False),
        ("\ud800 correct horse", False),
        ("Ünïcödé pass-phrase", True),
    ],
)
def test_password_is_long_varied_and_not_the_own_name(password, good):
    if good:
        check_password(password, "olga", "Olga Brandt")
    else:
        with pytest.raises(SegregationRefused):
            check_password(password, "olga", "Olga Brandt")


@pytest.mark.requirement("R21")
def test_password_expires_after_its_days():
    at = datetime(2026, 1, 1, tzinfo=UTC)
    most = timedelta(days=PASSWORD_DAYS_MOST)
    assert not password_expired(at, at + most)
    assert password_expired(at, at + most + timedelta(microseconds=1))
    assert password_expired(None, at)


@pytest.mark.requirement("R22")
def test_idle_time_is_a_constant_of_the_program():
    """Nothing of the environment or the settings comes near it: see the switches of the ledger."""
    assert 0 < IDLE_SECONDS <= 900
    assert type(IDLE_SECONDS) is int
