"""The people and places of the service, as values."""

from datetime import datetime
from enum import StrEnum

from msgspec import UNSET, Struct, UnsetType

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


class Visitor(Struct, frozen=True):
    """A person on a site. Name and e-mail are their own words; None until they say so."""

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


class Arrival(Struct, frozen=True):
    """A visitor let in. `token` is new and must be handed to the client; None: keep the old one."""

    visitor: Visitor
    site: Site
    token: str | None
    token_expires_at: datetime
