"""What anybody may know of a site: exactly these fields, nothing that a site gets later. Pure."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from chatserver.calendar import Opening
from chatserver.identity.model import Site


class PublicSite(Struct, frozen=True):
    """A site as its visitors' browsers see it. `open` tells of opening hours, not of people."""

    key: str
    name: str
    color: str
    position: str
    greeting: str
    locale: str
    open: bool
    next_opening: datetime | None


class FrameBoot(Struct, frozen=True):
    """What the panel's page carries. `origins` may speak to it; `ticket` lets it open a socket."""

    site: PublicSite
    origins: list[str]
    ticket: str
    ticket_seconds: int
    socket: str
    locale: str
    limits: Mapping[str, int]


class Asked(Struct, frozen=True, forbid_unknown_fields=True):
    """Which site's panel wants a ticket."""

    site: str


class FrameTicket(Struct, frozen=True):
    ticket: str
    ticket_seconds: int


def public(site: Site, opening: Opening) -> PublicSite:
    return PublicSite(
        key=site.key,
        name=site.name,
        color=site.color,
        position=site.position,
        greeting=site.greeting,
        locale=site.locale,
        open=opening.open,
        next_opening=opening.next_opening,
    )
