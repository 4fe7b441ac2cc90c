"""Sessions are stored through the record's one writer, and end when they are deleted."""

from __future__ import annotations

from django.contrib.sessions.models import Session

from daytwo.record.access.sessions import SessionStore
from tests.record.ledger.crowd import at_once


def test_session_is_stored_read_back_and_deleted(site):
    store = SessionStore()
    store["person"] = "olga"
    store.save()
    key = store.session_key
    assert SessionStore(key).get("person") == "olga"
    store["person"] = "otto"
    store.save()
    assert SessionStore(key).get("person") == "otto"
    SessionStore(key).delete()
    assert SessionStore(key).get("person") is None
    assert Session.objects.count() == 0


def test_session_gets_a_new_key_when_its_person_changes(site):
    store = SessionStore()
    store["person"] = "olga"
    store.save()
    before = store.session_key
    store.cycle_key()
    assert store.session_key != before
    assert store["person"] == "olga"
    assert not Session.objects.filter(session_key=before)


def test_sessions_made_at_once_are_all_stored(site):
    def make() -> str:
        store = SessionStore()
        store["person"] = "olga"
        store.save()
        return store.session_key

    keys = at_once([make] * 12)
    assert len(set(keys)) == 12 == Session.objects.count()


def test_model_is_djangos():
    assert SessionStore.get_model_class() is Session
