"""Ratings: how visitors found it, one row for each conversation that was rated."""

from chatserver.feature import Feature
from chatserver.features.csat import store
from chatserver.features.csat.reactor import on_rated

__all__ = ["RATED", "build", "store"]

RATED = "csat.rated"


def build() -> Feature:
    """Writes a row for each rating; the last one of a conversation counts."""
    return Feature(name="csat", reactors={RATED: on_rated})
