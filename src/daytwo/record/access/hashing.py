"""Password hashing: Argon2id, a bounded number at a time, never in the writer's thread."""

from __future__ import annotations

import hashlib
from threading import BoundedSemaphore

from django.contrib.auth.hashers import Argon2PasswordHasher

AT_A_TIME = 2
"""Hashes computed at once; more would starve the requests that need no hash."""
_turn = BoundedSemaphore(AT_A_TIME)


class SiteArgon2(Argon2PasswordHasher):
    """Argon2id at OWASP's first recommended setting: 19 MiB, 2 passes, 1 lane (RFC 9106)."""

    algorithm = "argon2"
    time_cost = 2
    memory_cost = 19_456
    parallelism = 1


def hash_password(password: str) -> str:
    """Return the encoded Argon2id hash of a password, with a fresh salt."""
    hasher = SiteArgon2()
    with _turn:
        encoded: str = hasher.encode(password, hasher.salt())
    return encoded


def password_matches(password: str, encoded: str) -> bool:
    """Say whether a password belongs to an encoded hash, in constant time for both answers."""
    if password.encode(errors="replace").decode() != password:
        password = ""  # it holds half a character: nobody has such a password, or an empty one
    with _turn:
        return bool(SiteArgon2().verify(password, encoded))


def digest_of(secret: str) -> str:
    """Return the SHA-256 (hex) that anchors a stored secret in the ledger."""
    return hashlib.sha256(secret.encode()).hexdigest()


DECOY = SiteArgon2().encode("nobody has this password", "decoysalt000")
"""Checked for unknown persons, so that their answer takes as long."""
