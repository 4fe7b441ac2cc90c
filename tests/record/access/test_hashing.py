"""Password hashing: Argon2id at the strength that was decided, salted, bounded in number."""

from __future__ import annotations

import re
from hashlib import sha256

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from daytwo.record.access.hashing import (
    AT_A_TIME,
    DECOY,
    _turn,
    digest_of,
    hash_password,
    password_matches,
)
from tests.record.ledger.crowd import at_once

PASSWORD = "correct horse battery"


@pytest.mark.requirement("R20")
def test_password_is_kept_as_argon2id_of_the_decided_strength():
    encoded = hash_password(PASSWORD)
    assert re.match(r"argon2\$argon2id\$v=19\$m=19456,t=2,p=1\$", encoded)
    assert PASSWORD not in encoded
    assert hash_password(PASSWORD) != encoded, "each hash has a salt of its own"
    assert password_matches(PASSWORD, encoded)


@pytest.mark.parametrize(
    "wrong",
    ["", PASSWORD.upper(), PASSWORD + " ", PASSWORD[:-1], "\ud800", "\x00", PASSWORD + "\x00"],
)
def test_other_password_does_not_match(wrong):
    assert not password_matches(wrong, hash_password(PASSWORD))


def test_decoy_matches_nothing_that_anybody_has():
    assert not password_matches(PASSWORD, DECOY)
    assert DECOY.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


def test_hash_of_another_kind_does_not_match():
    other = PBKDF2PasswordHasher().encode(PASSWORD, "salt", iterations=1)
    with pytest.raises((AssertionError, ValueError)):
        password_matches(PASSWORD, other)


def test_half_a_character_is_not_taken_for_a_question_mark():
    assert not password_matches("what is this\ud800", hash_password("what is this?"))


def test_hashes_computed_at_once_are_bounded():
    encoded = hash_password(PASSWORD)
    assert at_once([lambda: password_matches(PASSWORD, encoded)] * 6) == [True] * 6
    taken = [_turn.acquire(blocking=False) for _ in range(AT_A_TIME + 1)]
    assert taken == [True] * AT_A_TIME + [False]
    for _ in range(AT_A_TIME):
        _turn.release()


def test_digest_anchors_a_secret():
    assert digest_of("secret") == sha256(b"secret").hexdigest()
