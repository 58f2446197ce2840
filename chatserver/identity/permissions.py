"""The one table that says who may do what. Pure; every route and every frame names a row of it."""

from collections.abc import Mapping
from types import MappingProxyType

from chatserver.errors import Forbidden, Unauthenticated
from chatserver.identity.model import Role

PUBLIC = "public"  # anyone, also without a session
VISITOR = "visitor"  # whoever holds a visitor token; the frame then checks whose conversation it is

_all = frozenset(Role)
_leads = frozenset({Role.OWNER, Role.ADMIN, Role.SUPERVISOR})
_admins = frozenset({Role.OWNER, Role.ADMIN})

ROLES: Mapping[str, frozenset[Role]] = MappingProxyType(
    {
        "session.own": _all,
        "conversation.read": _all,
        "conversation.write": _all,
        "conversation.assign_others": _all,
        "agent.read": _all,
        "site.read": _all,
        "site.manage": _admins,
        "people.manage": _admins,
        "mail.manage": _admins,
        "canned.read": _all,
        "canned.manage": _all,
        "transcript.read": _all,
        "health.read": _leads,
    }
)


def may(role: Role, action: str) -> bool:
    """Whether a role includes an action; an unknown action is nobody's."""
    return role in ROLES.get(action, frozenset())


def require(role: Role | None, action: str) -> None:
    """Raises Unauthenticated without a session, Forbidden when the role does not include it."""
    if action == PUBLIC:
        return
    if role is None:
        raise Unauthenticated
    if not may(role, action):
        raise Forbidden


def granted(role: Role) -> list[str]:
    """The actions of a role, for a client that hides what would be refused."""
    return sorted(action for action, roles in ROLES.items() if role in roles)
