"""What nodes tell each other of their people, and how it travels. Ids and names, no words."""

import msgspec
from msgspec import Struct

from chatserver.protocol.agent import AgentStatus

# Every node listens to the first; each to the second with its own name.
NODES = "nodes"
NODE = "node"


class People(Struct, frozen=True, omit_defaults=True):
    """Visitors by workspace and id, agents by workspace, id and name."""

    visitors: list[tuple[str, str]] = []
    agents: list[tuple[str, str, str]] = []


class Choice(Struct, frozen=True, gc=False):
    """The status an agent chose. `at`: seconds since 1970."""

    workspace_id: str
    agent_id: str
    status: AgentStatus
    at: float


class Hello(Struct, frozen=True, tag="hello"):
    """A node that knows nobody: tell it everything."""

    node: str


class Lease(Struct, frozen=True, tag="lease"):
    """A node is alive, and so many times its people changed."""

    node: str
    number: int


class Changes(Struct, frozen=True, tag="changes", omit_defaults=True):
    """The change of this number."""

    node: str
    number: int
    came: People = People()
    left: People = People()
    chosen: list[Choice] = []


class Whole(Struct, frozen=True, tag="whole"):
    """Everybody of a node after the change of this number, and all choices it knows."""

    node: str
    number: int
    people: People
    chosen: list[Choice]


Message = Hello | Lease | Changes | Whole

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Message)


def encode_message(message: Message) -> bytes:
    return _encoder.encode(message)


def decode_message(data: bytes) -> Message:
    message: Message = _decoder.decode(data)
    return message


def node_topic(node: str) -> str:
    return f"{NODE}:{node}"
