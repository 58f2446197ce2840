"""The photos of agents: each has at most one of their own, seen by whoever talks with them."""

from chatserver.clock import Clock
from chatserver.config import Settings
from chatserver.feature import Feature
from chatserver.features.photos.reactor import REACTORS
from chatserver.features.photos.routes import PhotoRoutes
from chatserver.features.photos.service import Photos
from chatserver.identity.service import Identity
from chatserver.ids import Ids
from chatserver.storage.database import Database
from chatserver.web.pictures import Studio

__all__ = ["build"]


def build(
    *,
    database: Database,
    clock: Clock,
    ids: Ids,
    identity: Identity,
    settings: Settings,
    studio: Studio,
) -> Feature:
    photos = Photos(
        database=database,
        clock=clock,
        ids=ids,
        people=identity.people,
        sites=identity.sites,
    )
    routes = PhotoRoutes(photos=photos, studio=studio, most_bytes=settings.agent_photo_bytes)
    return Feature("photos", routes.endpoints(), REACTORS)
