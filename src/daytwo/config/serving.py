"""What `daytwo serve` loads: the WSGI entry, and the first figures under way."""

from __future__ import annotations

from daytwo.config.wsgi import application
from daytwo.doors.web.leadership.first import prepare

__all__ = ["application"]

prepare()
