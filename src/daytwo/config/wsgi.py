"""The WSGI entry that the server loads."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

COLLECT_AFTER = 25_000
"""New objects until the youngest are looked through for garbage; Python's own is 700 to 2000."""

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daytwo.config.settings")
application = get_wsgi_application()


def settle() -> None:
    """Load every page, and leave what stays for good out of the search for garbage.

    A request makes thousands of objects that go with it; looking through all that is loaded in
    between cost an eighth of a step (measured over HTTP, 16 clients).
    """
    get_resolver().url_patterns  # noqa: B018 - reading it loads the pages
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 20)


settle()
