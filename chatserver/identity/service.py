"""Everything that knows who somebody is, built once and handed on as one value."""

from dataclasses import dataclass

from chatserver.broker.base import Broker
from chatserver.clock import Clock
from chatserver.config import Settings
from chatserver.identity.accounts import Accounts
from chatserver.identity.installation import Installation
from chatserver.identity.invitations import Invitations
from chatserver.identity.passwords import Passwords
from chatserver.identity.people import People
from chatserver.identity.sessions import Sessions
from chatserver.identity.signing import Signing, keys_of
from chatserver.identity.sites import Sites
from chatserver.identity.tickets import AgentTickets, FrameTickets
from chatserver.identity.visitor_tokens import VisitorTokens
from chatserver.identity.visitors import Visitors
from chatserver.ids import Ids
from chatserver.storage.database import Database


@dataclass(frozen=True, slots=True)
class Identity:
    """The services of identity. Each is named after what it knows."""

    accounts: Accounts
    frames: FrameTickets
    installation: Installation
    invitations: Invitations
    people: People
    sessions: Sessions
    signing: Signing
    sites: Sites
    tickets: AgentTickets
    visitors: Visitors


def build(
    database: Database,
    broker: Broker,
    settings: Settings,
    clock: Clock,
    ids: Ids,
    *,
    passwords: Passwords | None = None,
) -> Identity:
    """`settings.secret_key` must hold a key by now. Tests hand in cheaper `passwords`."""
    signing = Signing(keys_of(settings.secret_key))
    passwords = passwords or Passwords()
    sessions = Sessions(
        database=database,
        broker=broker,
        clock=clock,
        ids=ids,
        idle_hours=settings.session_idle_hours,
    )
    accounts = Accounts(database=database, clock=clock, passwords=passwords, sessions=sessions)
    people = People(database=database, clock=clock, ids=ids, passwords=passwords, sessions=sessions)
    sites = Sites(
        database=database,
        broker=broker,
        clock=clock,
        ids=ids,
        widget_bytes=settings.widget_settings_bytes,
    )
    return Identity(
        accounts=accounts,
        frames=FrameTickets(clock=clock, signing=signing, seconds=settings.frame_ticket_seconds),
        installation=Installation(
            database=database, clock=clock, ids=ids, people=people, sites=sites
        ),
        invitations=Invitations(
            database=database,
            clock=clock,
            ids=ids,
            people=people,
            accounts=accounts,
            hours=settings.invitation_hours,
        ),
        people=people,
        sessions=sessions,
        signing=signing,
        sites=sites,
        tickets=AgentTickets(
            database=database,
            clock=clock,
            signing=signing,
            seconds=settings.agent_ticket_seconds,
            idle_hours=settings.session_idle_hours,
        ),
        visitors=_visitors(database, settings, clock, ids, sites),
    )


def _visitors(
    database: Database, settings: Settings, clock: Clock, ids: Ids, sites: Sites
) -> Visitors:
    tokens = VisitorTokens(
        clock=clock,
        days=settings.visitor_token_days,
        rotate_hours=settings.visitor_token_rotate_hours,
    )
    return Visitors(database=database, clock=clock, ids=ids, sites=sites, tokens=tokens)
