"""The pictures of a site's widget: a header, the faces of a team. Small, public, few."""

from chatserver.clock import Clock
from chatserver.config import Settings
from chatserver.feature import Feature
from chatserver.features.pictures.routes import PictureRoutes
from chatserver.features.pictures.service import Pictures
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
    pictures = Pictures(
        database=database,
        clock=clock,
        ids=ids,
        sites=identity.sites,
        most=settings.site_pictures,
    )
    routes = PictureRoutes(pictures=pictures, studio=studio, most_bytes=settings.site_picture_bytes)
    return Feature("pictures", routes.endpoints())
