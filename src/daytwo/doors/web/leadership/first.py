"""The first answer of a server process: it takes seconds, so it is made before anybody waits."""

from __future__ import annotations

import logging
from threading import Thread

from django.db import connections

from daytwo.doors.web import against, filters
from daytwo.doors.web.leadership import page, reading
from daytwo.insight.kpis.choices import current_choices

log = logging.getLogger(__name__)


def prepare() -> Thread:
    """Begin to make the leadership board and its charts as they open; return the thread that does.

    It loads the engine, opens the facts, compiles what nearly every page asks of them and starts
    what draws. That it failed is told in the log; whoever opens a page is told again.
    """
    thread = Thread(target=_prepare, name="first-figures")
    thread.start()
    return thread


def _prepare() -> None:
    try:
        asked = filters.read({})
        stood, frozen = reading.read(asked), against.frozen(asked)
        page.shown(asked, stood, frozen)
        for which in (page.LEGS, *(figure.found.definition.id for figure in stood.value.figures)):
            page.drawn(asked, stood, frozen, which)
        current_choices()
    except Exception:
        log.exception("The first figures could not be made.")
    finally:
        connections.close_all()
