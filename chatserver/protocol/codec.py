"""Bytes to frames and back. Malformed input becomes BadFrame or UnknownType, never a crash."""

from typing import Any, Generic, TypeVar

import msgspec

from chatserver.errors import BadFrame, UnknownType
from chatserver.protocol import agent, visitor

Frame = TypeVar("Frame")

_encoder = msgspec.json.Encoder()


def encode(frame: msgspec.Struct) -> bytes:
    """One frame as JSON bytes. Encode once per audience, not once per connection."""
    return _encoder.encode(frame)


class Decoder(Generic[Frame]):
    """Reads one side's frames."""

    def __init__(self, message_type: Any) -> None:
        self._decoder = msgspec.json.Decoder(message_type)
        self._types = {f.__struct_config__.tag for f in message_type.__args__}

    def decode(self, data: bytes | str) -> Frame:
        """Raises BadFrame or UnknownType."""
        try:
            frame: Frame = self._decoder.decode(data)
        except msgspec.ValidationError as error:
            raise self._explain(data, str(error)) from error
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            raise BadFrame(f"not JSON: {error}") from error
        return frame

    def _explain(self, data: bytes | str, message: str) -> BadFrame:
        try:
            tag = msgspec.json.decode(data, type=dict[str, Any]).get("t")
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            return BadFrame(message)
        if isinstance(tag, str) and tag not in self._types:
            return UnknownType(f"no frame has t={tag[:40]!r}")
        return BadFrame(message)


visitor_decoder: Decoder[visitor.ClientMessage] = Decoder(visitor.ClientMessage)
agent_decoder: Decoder[agent.ClientMessage] = Decoder(agent.ClientMessage)
