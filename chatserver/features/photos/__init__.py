"""The photos of agents: each has at most one of their own, seen by whoever talks with them."""

from chatserver.clock import Clock
from chatserver.config import Settings
from chatserver.feature import Feature
from chatserver.features.photos.reactor import REACTORS
from chatserver.features.photos.routes import PhotoRoutes
from chatserver.features.photos.service import Draw, Photos
from chatserver.identity.service import Identity
from chatserver.ids import Ids
from chatserver.storage.database import Database

__all__ = ["build"]


def build(
    *,
    database: Database,
    clock: Clock,
    ids: Ids,
    identity: Identity,
    settings: Settings,
    draw: Draw,
) -> Feature:
    """`draw` makes a picture out of whatever arrives, small and without anything but pixels."""
    photos = Photos(
        database=database,
        clock=clock,
        ids=ids,
        people=identity.people,
        sites=identity.sites,
        draw=draw,
    )
    routes = PhotoRoutes(photos=photos, most_bytes=settings.agent_photo_bytes)
    return Feature("photos", routes.endpoints(), REACTORS)
