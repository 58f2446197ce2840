"""People who answer: signing in and out, their own profile, their colleagues, invitations, and the
console's page they work in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.broker.buckets import Buckets
from chatserver.clock import Clock
from chatserver.config import Settings
from chatserver.feature import Feature
from chatserver.features.people.agents import AgentRoutes
from chatserver.features.people.console import Console
from chatserver.features.people.door import Door
from chatserver.features.people.invitations import InvitationRoutes, SendInvitation
from chatserver.features.people.profile import ProfileRoutes
from chatserver.features.people.sign_in import SignIn
from chatserver.identity.accounts import UNLOCKED
from chatserver.identity.service import Identity
from chatserver.storage.timers import Timer
from chatserver.web.pages import Pages

__all__ = ["Neighbours", "build"]

# Who is online, by agent id, in one workspace; agents that are left out are offline.
Statuses = Callable[[str], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What the rest of the house lends us."""

    statuses: Statuses
    send_invitation: SendInvitation
    buckets: Buckets


def build(
    *,
    identity: Identity,
    settings: Settings,
    clock: Clock,
    pages: Pages,
    neighbours: Neighbours,
    is_demo: bool = False,
) -> Feature:
    """The slice's doors; it reacts to no fact."""
    door = Door(
        settings=settings,
        clock=clock,
        signing=identity.signing,
        buckets=neighbours.buckets,
        forgiven=identity.accounts.forgiven,
    )
    parts = (
        SignIn(identity=identity, pages=pages, door=door),
        InvitationRoutes(
            identity=identity,
            pages=pages,
            door=door,
            settings=settings,
            send=neighbours.send_invitation,
        ),
        AgentRoutes(people=identity.people, statuses=neighbours.statuses),
        ProfileRoutes(identity=identity, pages=pages, door=door),
        Console(identity=identity, settings=settings, pages=pages, is_demo=is_demo),
    )
    doors = tuple(e for part in parts for e in part.endpoints())
    return Feature(name=UNLOCKED, endpoints=doors, on_timer=_forgiven)


async def _forgiven(_connection: AsyncConnection, _timer: Timer) -> None:
    """The failures that somebody was forgiven would be forgotten by now."""
