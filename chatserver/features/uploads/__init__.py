"""Uploads: files that visitors and agents send along with their messages."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from chatserver.broker.buckets import Buckets
from chatserver.clock import Clock
from chatserver.config import Settings
from chatserver.feature import Feature
from chatserver.features.uploads.access import Access
from chatserver.features.uploads.disk import Disk
from chatserver.features.uploads.links import Links
from chatserver.features.uploads.miniatures import Miniatures
from chatserver.features.uploads.routes import UploadRoutes
from chatserver.features.uploads.service import Uploads
from chatserver.features.uploads.sweeper import Sweeper
from chatserver.identity.service import Identity
from chatserver.identity.signing import Signing, keys_of
from chatserver.ids import Ids
from chatserver.storage.database import Database
from chatserver.web.addresses import Addresses

__all__ = ["UploadSlice", "build"]

FOLDER = "uploads"


@dataclass(frozen=True, slots=True)
class UploadSlice:
    """`feature` for the house, `sweeper` to be run, `uploads` for whoever measures, `miniatures`
    for slices that take pictures of their own."""

    feature: Feature
    sweeper: Sweeper
    uploads: Uploads
    miniatures: Miniatures


def build(
    *,
    database: Database,
    clock: Clock,
    ids: Ids,
    identity: Identity,
    settings: Settings,
    buckets: Buckets,
) -> UploadSlice:
    """Raises Invalid when a type of the settings cannot be told by content."""
    disk = Disk(Path(settings.data_dir) / FOLDER, spare_bytes=settings.upload_spare_bytes)
    uploads = Uploads(
        database=database, clock=clock, ids=ids, disk=disk, settings=settings, buckets=buckets
    )
    links = Links(
        clock=clock,
        signing=Signing(keys_of(settings.secret_key)),
        origin=settings.uploads_origin,
        seconds=settings.upload_link_seconds,
    )
    access = Access(
        database=database,
        clock=clock,
        identity=identity,
        disk=disk,
        links=links,
        reopen_within=timedelta(hours=settings.reopen_hours),
    )
    routes = UploadRoutes(
        uploads=uploads,
        access=access,
        visitors=identity.visitors,
        addresses=Addresses(settings.trusted_proxies),
        widget_origin=settings.widget_origin,
        most_bytes=settings.upload_bytes,
    )
    sweeper = Sweeper(
        database=database, clock=clock, disk=disk, orphan_hours=settings.upload_orphan_hours
    )
    miniatures = Miniatures(
        disk=disk, painters=uploads.painters, ids=ids, seconds=settings.upload_seconds
    )
    return UploadSlice(Feature(FOLDER, routes.endpoints()), sweeper, uploads, miniatures)
