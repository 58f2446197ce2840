"""Bytes to frames and back. Malformed input becomes BadFrame or UnknownType, never a crash."""

from typing import Any, Generic, TypeVar

import msgspec

from chatserver.errors import BadFrame, UnknownType
from chatserver.protocol import agent, visitor
from chatserver.protocol.shared import VERSION
from chatserver.protocol.skew import Shapes

Frame = TypeVar("Frame")

_encoder = msgspec.json.Encoder()


def encode(frame: msgspec.Struct) -> bytes:
    """One frame as JSON bytes. Encode once per audience, not once per connection."""
    return _encoder.encode(frame)


class Decoder(Generic[Frame]):
    """Reads one side's frames."""

    def __init__(self, message_type: Any) -> None:
        self._decoder = msgspec.json.Decoder(message_type)
        self._message_type = message_type
        self._types = {f.__struct_config__.tag for f in message_type.__args__}
        self._shapes = Shapes(message_type)

    def decode(self, data: bytes | str) -> Frame:
        """Raises BadFrame or UnknownType."""
        try:
            frame: Frame = self._decoder.decode(data)
        except msgspec.ValidationError as error:
            raise self._explain(data, str(error)) from error
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            raise BadFrame(f"not JSON: {error}") from error
        return frame

    def decode_newer(self, data: bytes | str) -> tuple[Frame | None, int]:
        """What a client of a newer version says, as far as we know those words, and how many of
        them we do not. None: a frame that this version does not have. Raises BadFrame."""
        try:
            known, ignored = self._shapes.known(msgspec.json.decode(data))
            frame: Frame | None = None
            if known is not None:
                frame = msgspec.convert(known, self._message_type)
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            raise BadFrame(str(error)) from error
        return frame, ignored

    def _explain(self, data: bytes | str, message: str) -> BadFrame:
        try:
            tag = msgspec.json.decode(data, type=dict[str, Any]).get("t")
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            return BadFrame(message)
        if isinstance(tag, str) and tag not in self._types:
            return UnknownType(f"no frame has t={tag[:40]!r}")
        return BadFrame(message)


class Reader(Generic[Frame]):
    """Reads one client's frames. Its first one, the hello, says whether it is newer than we are:
    then, and only then, what we do not know is left out instead of refused, and counted."""

    def __init__(self, decoder: Decoder[Frame]) -> None:
        self._decoder = decoder
        self._is_newer: bool | None = None
        self.ignored = 0

    def read(self, data: bytes | str) -> Frame | None:
        """None: nothing that concerns this version. Raises BadFrame or UnknownType."""
        if self._is_newer is None:
            self._is_newer = _greets_newer(data)
        if not self._is_newer:
            return self._decoder.decode(data)
        frame, ignored = self._decoder.decode_newer(data)
        self.ignored += ignored
        return frame


class _Greeting(msgspec.Struct):
    """As much of a hello as every version has."""

    t: str = ""
    v: int = 0


_greeting = msgspec.json.Decoder(_Greeting)


def _greets_newer(data: bytes | str) -> bool:
    try:
        greeting = _greeting.decode(data)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return False
    return greeting.t == "hello" and greeting.v > VERSION


visitor_decoder: Decoder[visitor.ClientMessage] = Decoder(visitor.ClientMessage)
agent_decoder: Decoder[agent.ClientMessage] = Decoder(agent.ClientMessage)
