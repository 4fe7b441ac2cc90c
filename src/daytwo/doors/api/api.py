"""The HTTP interface for programs."""

from __future__ import annotations

from ninja import NinjaAPI

api = NinjaAPI(title="daytwo", version="1")
