"""The pictures of a site's widget: a header, the faces of a team. Small, public, few."""

from chatserver.clock import Clock
from chatserver.config import Settings
from chatserver.feature import Feature
from chatserver.features.pictures.routes import PictureRoutes
from chatserver.features.pictures.service import Draw, Pictures
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
    pictures = Pictures(
        database=database,
        clock=clock,
        ids=ids,
        sites=identity.sites,
        draw=draw,
        most=settings.site_pictures,
    )
    routes = PictureRoutes(pictures=pictures, most_bytes=settings.site_picture_bytes)
    return Feature("pictures", routes.endpoints())
