"""What a slice says of an HTTP door: method, path, the permission it needs, and who answers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from chatserver.errors import Unauthenticated
from chatserver.identity.model import AgentSession


@dataclass(frozen=True, slots=True)
class Call:
    """One request that passed the guard. `session` is None only behind a public endpoint."""

    request: Request
    session: AgentSession | None

    @property
    def agent(self) -> AgentSession:
        """The signed-in agent. Raises Unauthenticated when there is none."""
        if self.session is None:
            raise Unauthenticated
        return self.session


Handler = Callable[[Call], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A door. `action` is a row of `identity/permissions.py`, checked before `handler` runs.
    `quiet`: an open page asks by itself, which must not keep its session from growing idle.
    `anywhere`: pages of other websites may change something here; nobody is signed in behind it.
    `body_bytes`: what a body may have here instead of the usual; the handler streams it."""

    method: str
    path: str
    action: str
    handler: Handler
    quiet: bool = False
    anywhere: bool = False
    body_bytes: int | None = None
