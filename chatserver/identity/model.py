"""The people and places of the service, as values."""

from datetime import datetime
from enum import StrEnum

from msgspec import UNSET, Struct, UnsetType, field

from chatserver.errors import ChatError
from chatserver.identity.attributes import Attributes
from chatserver.identity.widget import texts
from chatserver.identity.widget.settings import WidgetSettings

# What a person may choose to read, and what a site may choose for its visitors; `auto` is what the
# browser asks for. There are words for each (`web/languages.py`).
LOCALES = ("auto", "en", "zh-CN", "zh-TW")
SITE_LOCALES = ("auto", *texts.LOCALES)


class Role(StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    SUPERVISOR = "supervisor"
    AGENT = "agent"


class Position(StrEnum):
    LEFT = "left"
    RIGHT = "right"


class Workspace(Struct, frozen=True):
    """A company that uses the service; everything belongs to one."""

    id: str
    name: str
    created_at: datetime


class Site(Struct, frozen=True):
    """A website of a workspace. `key` is public and in the snippet; `origins` may embed it.
    `drafts`: agents see what visitors write before it is sent, and visitors are told so."""

    id: str
    workspace_id: str
    key: str
    name: str
    color: str
    position: Position
    greeting: str
    locale: str
    origins: tuple[str, ...]
    enabled: bool
    created_at: datetime
    drafts: bool = False
    widget: WidgetSettings = WidgetSettings()


class SiteFields(Struct, frozen=True, forbid_unknown_fields=True):
    """What a person may write of a site, unchecked; what is unset stays as it is."""

    name: str | UnsetType = UNSET
    color: str | UnsetType = UNSET
    position: str | UnsetType = UNSET
    greeting: str | UnsetType = UNSET
    locale: str | UnsetType = UNSET
    origins: list[str] | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
    drafts: bool | UnsetType = UNSET


class Agent(Struct, frozen=True):
    """A person's membership in one workspace. `id` names the membership, `role` what it allows."""

    id: str
    workspace_id: str
    person_id: str
    name: str
    email: str
    role: Role
    disabled: bool
    created_at: datetime


class Invitation(Struct, frozen=True):
    """An open offer to join a workspace, for one address and one role. `invited_by` is an agent."""

    id: str
    workspace_id: str
    email: str
    role: Role
    invited_by: str
    created_at: datetime
    expires_at: datetime


class AgentSession(Struct, frozen=True):
    """A signed-in browser: which agent, in which workspace, with which CSRF token."""

    id: str
    workspace_id: str
    agent_id: str
    person_id: str
    name: str
    email: str
    role: Role
    locale: str
    csrf: str


class Algorithm(StrEnum):
    """How a site signs: with a secret that we share, or with a private key that we never keep."""

    HS256 = "HS256"
    ES256 = "ES256"


class IdentityKey(Struct, frozen=True):
    """With which a site vouches for its visitors. `sealed`: what tokens are checked with."""

    id: str
    workspace_id: str
    site_id: str
    algorithm: Algorithm
    sealed: str
    created_at: datetime
    created_by: str


class NewIdentityKey(Struct, frozen=True):
    """`secret` is what the site signs with. It is shown once."""

    key: IdentityKey
    secret: str


class Customer(Struct, frozen=True):
    """A person whom a site of the workspace vouched for: every field is as it was signed.
    `external_id` is the site's own name for them."""

    id: str
    workspace_id: str
    external_id: str
    created_at: datetime
    identified_at: datetime
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    attributes: Attributes = field(default_factory=dict)


class Profile(Struct, frozen=True):
    """What a visitor or the page said without a signature. `answers` are those of the site's forms,
    by the key of the field, empty where nothing was answered."""

    visitor_id: str
    attributes: Attributes = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    consent_version: str | None = None
    consent_at: datetime | None = None


class Visitor(Struct, frozen=True):
    """A person on a site. Name, e-mail and phone are their own words, None until they say so; with
    a `customer_id` those that the site signed are the customer's. One that was identified as a
    customer who was known already was `merged_into` that customer's visitor."""

    id: str
    workspace_id: str
    site_id: str
    created_at: datetime
    seen_at: datetime
    name: str | None = None
    email: str | None = None
    locale: str | None = None
    browser: str | None = None
    system: str | None = None
    page_url: str | None = None
    page_title: str | None = None
    referrer: str | None = None
    phone: str | None = None
    customer_id: str | None = None
    merged_into: str | None = None
    merged_at: datetime | None = None


class Arrival(Struct, frozen=True):
    """A visitor let in. `token` is new and must be handed to the client; None: keep the old one.
    `former`: the anonymous visitors that this customer was before. `refused`: why the page's word
    for who it is was not believed."""

    visitor: Visitor
    site: Site
    token: str | None
    token_expires_at: datetime
    former: tuple[Visitor, ...] = ()
    refused: ChatError | None = None
