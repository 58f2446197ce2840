"""Opening hours: when a site answers, what visitors are told while it does not."""

from chatserver.feature import Feature
from chatserver.features.hours.routes import endpoints
from chatserver.features.hours.service import OpeningHours

__all__ = ["OpeningHours", "build"]


def build(*, hours: OpeningHours) -> Feature:
    """The slice's doors; it reacts to nothing. `hours.opening` is for whoever talks to visitors."""
    return Feature(name="hours", endpoints=endpoints(hours))
