"""What a console is told when it is let in. Pure."""

from msgspec import Struct

from chatserver.identity.model import AgentSession as Signed
from chatserver.protocol import agent as wire
from chatserver.protocol.shared import Limits


class Admitted(Struct, frozen=True):
    """What the desk found out about a hello."""

    session: Signed
    epoch: str
    now: str
    position: int
    status: wire.AgentStatus
    storage: wire.Storage = "ok"
    bus: wire.Bus = "ok"


def welcome(found: Admitted, session_id: str, *, v: int, limits: Limits, ping: int) -> wire.Welcome:
    signed = found.session
    return wire.Welcome(
        v=v,
        session=session_id,
        you=wire.You(signed.agent_id, signed.name, signed.role.value),
        epoch=found.epoch,
        now=found.now,
        ping=ping,
        limits=limits,
        position=found.position,
        status=found.status,
        storage=found.storage,
        bus=found.bus,
    )
