"""Session store: Django's own in the database, its writes through the one writer."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from daytwo.record.ledger.writer import write

_KEY = re.compile(r"[a-z0-9]{32}")


class SessionStore(DatabaseStore):
    """Sessions by Django; a second writing connection would poll SQLite's lock."""

    @classmethod
    def get_model_class(cls) -> Any:
        """Return Django's session row."""
        from django.contrib.sessions.models import Session  # noqa: PLC0415 - apps must be loaded

        return Session

    def _validate_session_key(self, key: str | None) -> bool:
        """Take only what a key looks like: a cookie may hold anything, a database may not."""
        return bool(key) and _KEY.fullmatch(str(key)) is not None

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's signature
        """Store the session durably."""
        if self.session_key is None:
            self.create()
            return
        write(lambda: super(SessionStore, self).save(must_create=must_create))

    def delete(self, session_key: str | None = None) -> None:
        """Remove the session."""
        write(lambda: super(SessionStore, self).delete(session_key))
