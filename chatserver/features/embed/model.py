"""What anybody may know of a site: exactly these fields, nothing that a site gets later. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from chatserver.calendar import Opening
from chatserver.identity.model import Site, SiteFields
from chatserver.identity.widget.settings import WidgetSettings
from chatserver.identity.widget.texts import Words
from chatserver.protocol.visitor import FormAsk


class PublicPage(Struct, frozen=True):
    page: str
    show: bool


class PublicLauncher(Struct, frozen=True, omit_defaults=True):
    """What the loader needs. It has the same defaults, so they do not travel. `sign` is the icon
    as a letter; empty: the bubble, which the loader draws."""

    offset_side: int = 20
    offset_bottom: int = 20
    sign: str = ""
    label: str = ""
    phone: str = "show"
    pages: tuple[PublicPage, ...] = ()
    elsewhere: str = "show"


class PublicSite(Struct, frozen=True):
    """A site as its visitors' browsers see it. `open` tells of opening hours, not of people;
    `replies_in` are the seconds within which a first answer usually comes."""

    key: str
    name: str
    color: str
    position: str
    greeting: str
    locale: str
    open: bool
    next_opening: datetime | None
    replies_in: int | None
    corners: str
    scheme: str
    consent: str
    launcher: PublicLauncher


class PublicTeammate(Struct, frozen=True):
    name: str
    photo: str


class PublicLooks(Struct, frozen=True):
    """What only the panel needs."""

    header_image: str
    team: tuple[PublicTeammate, ...]
    welcome: str


# The loader hands it to the browser as it comes, and CSS takes any name it does not know for light.
AS_CSS = {"auto": "light dark"}


class LauncherSite(PublicSite, frozen=True):
    """What the loader gets: the site, with `scheme` as CSS says it, and its own words in the
    language of this visitor. `greetings` is where a script is, below our address, for sites that
    have some."""

    language: str
    dir: str
    words: Mapping[str, Words]
    greetings: str = ""


class PublicRating(Struct, frozen=True):
    enabled: bool
    words: tuple[str, ...]
    reasons_low: tuple[str, ...]
    reasons_high: tuple[str, ...]


class FrameBoot(Struct, frozen=True):
    """What the panel's page carries. `origins` may speak to it; `ticket` lets it open a socket;
    `texts` are the site's own words in the language of the page; `privacy` is a link, or empty;
    `asks`: some visitors meet a form before they can write."""

    site: PublicSite
    origins: list[str]
    ticket: str
    ticket_seconds: int
    socket: str
    locale: str
    limits: Mapping[str, int]
    looks: PublicLooks
    texts: Mapping[str, Words]
    rating: PublicRating
    mails: bool
    privacy: str
    asks: bool


class Draft(Struct, frozen=True, forbid_unknown_fields=True):
    """What the customiser would like to see: unsaved fields of a site and of its widget."""

    site: SiteFields = SiteFields()
    widget: dict[str, Any] = {}
    lang: str = ""


class Drafted(Struct, frozen=True):
    """What that would tell a loader, and what a panel; and what a stranger would be asked before a
    chat, and for a message while nobody is there."""

    config: LauncherSite
    boot: FrameBoot
    before: FormAsk | None
    offline: FormAsk | None


class Stage(Struct, frozen=True):
    """What the page beside the customiser needs to begin with."""

    site: str
    loader: str
    console: str


class Asked(Struct, frozen=True, forbid_unknown_fields=True):
    """Which site's panel wants a ticket."""

    site: str


class FrameTicket(Struct, frozen=True):
    ticket: str
    ticket_seconds: int


def public(site: Site, opening: Opening, replies_in: int | None) -> PublicSite:
    return PublicSite(
        key=site.key,
        name=site.name,
        color=site.color,
        position=site.position,
        greeting=site.greeting,
        locale=site.locale,
        open=opening.open,
        next_opening=opening.next_opening,
        replies_in=replies_in,
        corners=site.widget.looks.corners,
        scheme=site.widget.looks.scheme,
        consent=site.widget.consent.mode,
        launcher=_launcher(site.widget),
    )


def public_looks(widget: WidgetSettings) -> PublicLooks:
    looks = widget.looks
    return PublicLooks(
        header_image=_picture(looks.header_image),
        team=tuple(PublicTeammate(mate.name, _picture(mate.photo)) for mate in looks.team),
        welcome=looks.welcome,
    )


def privacy_link(widget: WidgetSettings) -> str:
    """Of the question whether something may be kept; forms mostly mean the same page."""
    return widget.consent.link or widget.forms.consent.link


def public_rating(widget: WidgetSettings) -> PublicRating:
    rating = widget.rating
    return PublicRating(rating.enabled, rating.words, rating.reasons_low, rating.reasons_high)


def _picture(picture_id: str) -> str:
    """Its address, of the panel's own origin; empty: none."""
    return f"/widget/pictures/{picture_id}" if picture_id else ""


SIGNS = {"chat": "", "question": "?", "wave": "👋"}


def _launcher(widget: WidgetSettings) -> PublicLauncher:
    launcher = widget.launcher
    return PublicLauncher(
        offset_side=launcher.offset_side,
        offset_bottom=launcher.offset_bottom,
        sign=SIGNS[launcher.icon],
        label=launcher.label,
        phone=launcher.phone,
        pages=tuple(PublicPage(rule.page, rule.show) for rule in launcher.pages),
        elsewhere=launcher.elsewhere,
    )
