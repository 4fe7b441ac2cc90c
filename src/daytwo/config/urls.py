"""Root addresses: the API under /api/, /metrics, people's pages at the root."""

from __future__ import annotations

from django.urls import include, path

from daytwo.doors.api.api import api
from daytwo.doors.monitoring.exposition import metrics

urlpatterns = [
    path("api/", api.urls),
    path("metrics", metrics, name="metrics"),
    path("", include("daytwo.doors.web.urls")),
]
handler400 = "daytwo.config.failures.bad_request"
handler403 = "daytwo.doors.web.failures.forbidden"
handler404 = "daytwo.doors.web.failures.not_found"
handler500 = "daytwo.config.failures.server_error"
