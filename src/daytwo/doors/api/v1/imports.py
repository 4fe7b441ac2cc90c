"""Imports: put a version of a mapping on the record."""

from __future__ import annotations

from ninja import Router

from daytwo.doors.api.acts import acts
from daytwo.record.access.commands import save_mapping

router = Router()
acts(router, save_mapping)
