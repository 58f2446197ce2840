"""What anybody may know of a site: exactly these fields, nothing that a site gets later. Pure."""

from collections.abc import Mapping

from msgspec import Struct

from chatserver.identity.model import Site


class PublicSite(Struct, frozen=True):
    """A site as its visitors' browsers see it."""

    key: str
    name: str
    color: str
    position: str
    greeting: str
    locale: str


class FrameBoot(Struct, frozen=True):
    """What the panel's page carries. `origins` may speak to it; `ticket` lets it open a socket."""

    site: PublicSite
    origins: list[str]
    ticket: str
    ticket_seconds: int
    socket: str
    locale: str
    limits: Mapping[str, int]


def public(site: Site) -> PublicSite:
    return PublicSite(site.key, site.name, site.color, site.position, site.greeting, site.locale)
