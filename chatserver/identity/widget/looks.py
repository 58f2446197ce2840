"""How the panel looks: corners, light and dark, pictures, words of welcome. Pure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal

from msgspec import Meta, Struct

from chatserver.identity.widget.checks import Check, agent_id, each, picture_id, words

WELCOME_CHARS = 80
TEAM_CHARS = 60
TEAM_SIZE = 5


class Teammate(Struct, frozen=True):
    """A face in the panel's header. `photo` is the id of a site picture; empty: initials. `agent`
    is the id of the one whose face it is beside messages too; empty: of nobody who writes."""

    name: Annotated[str, Meta(max_length=TEAM_CHARS)]
    photo: str = ""
    agent: str = ""


class Looks(Struct, frozen=True):
    """`header_image` is the id of a site picture. `welcome` stands above the site's greeting;
    empty: the widget's own words."""

    corners: Literal["square", "soft", "round"] = "soft"
    scheme: Literal["auto", "light", "dark"] = "auto"
    header_image: str = ""
    team: Annotated[tuple[Teammate, ...], Meta(max_length=TEAM_SIZE)] = ()
    welcome: Annotated[str, Meta(max_length=WELCOME_CHARS)] = ""


def _teammate(mate: Teammate) -> Teammate:
    return Teammate(
        name=words(mate.name, "name", required=True),
        photo=picture_id(mate.photo),
        agent=agent_id(mate.agent, "agent"),
    )


CHECKS: Mapping[str, Check] = MappingProxyType(
    {"header_image": picture_id, "team": each(_teammate), "welcome": words}
)
