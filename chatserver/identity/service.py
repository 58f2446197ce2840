"""Everything that knows who somebody is, built once and handed on as one value."""

from dataclasses import dataclass
from typing import NamedTuple

from chatserver.broker.base import Broker
from chatserver.clock import Clock
from chatserver.config import Settings
from chatserver.identity.accounts import Accounts
from chatserver.identity.attributes import AttributeLimits
from chatserver.identity.claims import ClaimRules
from chatserver.identity.identity_keys import IdentityKeys
from chatserver.identity.installation import Installation
from chatserver.identity.invitations import Invitations
from chatserver.identity.passwords import Passwords
from chatserver.identity.people import People
from chatserver.identity.profiles import Profiles
from chatserver.identity.sealing import Sealing
from chatserver.identity.sessions import Sessions
from chatserver.identity.signing import Signing, keys_of
from chatserver.identity.sites import Sites
from chatserver.identity.tickets import AgentTickets, FrameTickets
from chatserver.identity.visitor_tokens import VisitorTokens
from chatserver.identity.visitors import Visitors
from chatserver.identity.vouching import Vouching
from chatserver.ids import Ids
from chatserver.storage.database import Database


@dataclass(frozen=True, slots=True)
class Identity:
    """The services of identity. Each is named after what it knows."""

    accounts: Accounts
    frames: FrameTickets
    identity_keys: IdentityKeys
    installation: Installation
    invitations: Invitations
    people: People
    profiles: Profiles
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
    keys = _identity_keys(Sources(database, clock, ids), settings)
    limits = AttributeLimits(settings.visitor_attributes, settings.visitor_attribute_bytes)
    return Identity(
        accounts=accounts,
        frames=FrameTickets(clock=clock, signing=signing, seconds=settings.frame_ticket_seconds),
        identity_keys=keys,
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
        profiles=Profiles(database=database, clock=clock, limits=limits),
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
        visitors=_visitors(Sources(database, clock, ids), settings, sites, keys, limits),
    )


class Sources(NamedTuple):
    """Where everything comes from."""

    database: Database
    clock: Clock
    ids: Ids


def _identity_keys(sources: Sources, settings: Settings) -> IdentityKeys:
    database, clock, ids = sources
    sealing = Sealing(keys_of(settings.secret_key), "identity")
    return IdentityKeys(database=database, clock=clock, ids=ids, sealing=sealing)


def _visitors(
    sources: Sources, settings: Settings, sites: Sites, keys: IdentityKeys, limits: AttributeLimits
) -> Visitors:
    database, clock, ids = sources
    tokens = VisitorTokens(
        clock=clock,
        days=settings.visitor_token_days,
        rotate_hours=settings.visitor_token_rotate_hours,
    )
    vouching = Vouching(
        clock=clock,
        ids=ids,
        keys=keys,
        tokens=tokens,
        rules=ClaimRules(settings.identity_seconds, limits),
    )
    return Visitors(
        database=database, clock=clock, ids=ids, sites=sites, tokens=tokens, vouching=vouching
    )
