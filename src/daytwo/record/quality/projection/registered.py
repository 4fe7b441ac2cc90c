"""Quality's projection, as the ledger knows it."""

from __future__ import annotations

from daytwo.record.ledger.projections import Projection
from daytwo.record.quality.models import Capa, Change, Classification, Complaint, Deviation

quality = Projection("quality", (Classification, Deviation, Capa, Change, Complaint))
