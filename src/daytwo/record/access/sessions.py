"""Session store: Django's own in the database, its writes through the one writer."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from daytwo.record.ledger.writer import write


class SessionStore(DatabaseStore):
    """Sessions by Django; a second writing connection would poll SQLite's lock."""

    @classmethod
    def get_model_class(cls) -> Any:
        """Return Django's session row."""
        from django.contrib.sessions.models import Session  # noqa: PLC0415 - apps must be loaded

        return Session

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's signature
        """Store the session durably."""
        if self.session_key is None:
            self.create()
            return
        write(lambda: super(SessionStore, self).save(must_create=must_create))

    def delete(self, session_key: str | None = None) -> None:
        """Remove the session."""
        write(lambda: super(SessionStore, self).delete(session_key))
