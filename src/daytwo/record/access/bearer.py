"""Under whose authority a program asks: the person who made its token."""

from __future__ import annotations

from daytwo.record.access.authority import By
from daytwo.record.access.errors import NotSignedIn
from daytwo.record.access.queries import token_person

SESSION = "token:"
"""The beginning of the session's name under which a token acts."""


def bearer(authorization: str, channel: str) -> By:
    """Return who sent a request with a token, as the record knows the person now.

    Args:
        authorization: The header `Authorization`, such as `Bearer dt_...`.
        channel: The door's.

    Raises:
        NotSignedIn: No token, or it does not exist, has ended or was revoked.

    References:
        RFC 6750 §2.1; 21 CFR 11.10(d).
    """
    scheme, _, secret = authorization.partition(" ")
    found = token_person(secret.strip()) if scheme.lower() == "bearer" else None
    if found is None:
        raise NotSignedIn
    person, token_id = found
    return By(person.id, f"{SESSION}{token_id}", channel, known=person)
