"""What the console is told of people. Pure."""

from datetime import datetime

from msgspec import UNSET, Struct, UnsetType

from chatserver.identity.model import Agent, AgentSession, Invitation, Role, Workspace


class WorkspaceName(Struct, frozen=True):
    id: str
    name: str


class Me(Struct, frozen=True):
    """The signed-in agent. `locale` is a language of ours, never `auto`."""

    id: str
    name: str
    email: str
    role: Role
    locale: str
    workspace: WorkspaceName


class AgentView(Struct, frozen=True):
    id: str
    name: str
    email: str
    role: Role
    disabled: bool
    status: str
    created_at: datetime


class InvitationView(Struct, frozen=True):
    """`invited_by` is an agent's id; `link` is there once, when it is made, and with it `mailed`:
    whether it is also on its way by mail."""

    id: str
    email: str
    role: Role
    invited_by: str
    created_at: datetime
    expires_at: datetime
    link: str | UnsetType = UNSET
    mailed: bool | UnsetType = UNSET


def me(session: AgentSession, workspace: Workspace, language: str) -> Me:
    return Me(
        id=session.agent_id,
        name=session.name,
        email=session.email,
        role=session.role,
        locale=language,
        workspace=WorkspaceName(workspace.id, workspace.name),
    )


def agent_view(agent: Agent, status: str) -> AgentView:
    return AgentView(
        id=agent.id,
        name=agent.name,
        email=agent.email,
        role=agent.role,
        disabled=agent.disabled,
        status=status,
        created_at=agent.created_at,
    )


def invitation_view(
    invitation: Invitation, link: str | UnsetType = UNSET, mailed: bool | UnsetType = UNSET
) -> InvitationView:
    return InvitationView(
        id=invitation.id,
        email=invitation.email,
        role=invitation.role,
        invited_by=invitation.invited_by,
        created_at=invitation.created_at,
        expires_at=invitation.expires_at,
        link=link,
        mailed=mailed,
    )
