"""The only writer of quality's rows."""

from daytwo.record.quality.projection import deviations, matters
from daytwo.record.quality.projection.registered import quality

__all__ = ["deviations", "matters", "quality"]
