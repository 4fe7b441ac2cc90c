"""Events of discrepancies judged, deviations, CAPA, changes and complaints."""

from daytwo.record.quality.events.capas import (
    CapaClosed,
    CapaDueDateMoved,
    CapaOpened,
    EffectivenessEvaluated,
    EffectivenessPlanned,
)
from daytwo.record.quality.events.changes import (
    ChangeApproved,
    ChangeClosed,
    ChangeImplemented,
    ChangeOpened,
    ComplaintClosed,
    ComplaintReceived,
)
from daytwo.record.quality.events.deviations import (
    DeviationAssigned,
    DeviationClosed,
    DeviationDetected,
    DeviationDueDateMoved,
    DeviationOccurred,
    DeviationOpened,
    DeviationRecorded,
    DeviationReopened,
    DeviationTriaged,
    RootCauseApproved,
)
from daytwo.record.quality.events.discrepancies import (
    DiscrepancyClassified,
)

__all__ = [
    "CapaClosed",
    "CapaDueDateMoved",
    "CapaOpened",
    "ChangeApproved",
    "ChangeClosed",
    "ChangeImplemented",
    "ChangeOpened",
    "ComplaintClosed",
    "ComplaintReceived",
    "DeviationAssigned",
    "DeviationClosed",
    "DeviationDetected",
    "DeviationDueDateMoved",
    "DeviationOccurred",
    "DeviationOpened",
    "DeviationRecorded",
    "DeviationReopened",
    "DeviationTriaged",
    "DiscrepancyClassified",
    "EffectivenessEvaluated",
    "EffectivenessPlanned",
    "RootCauseApproved",
]
