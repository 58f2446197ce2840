"""Close codes. The number alone tells a client what to do: 4000-4499 reconnect, 4500-4999 stop."""

from enum import IntEnum


class CloseCode(IntEnum):
    """Why a socket was closed. `reconnects` says whether the client should come back."""

    DONE = 1000
    TOO_BIG = 1009
    INTERNAL = 1011
    RESTART = 1012
    TRY_LATER = 1013
    DRAIN = 4001
    TOKEN_EXPIRED = 4002
    RESYNC = 4003
    SLOW = 4008
    NO_PONG = 4012
    RATE_LIMITED = 4013
    NO_HELLO = 4014
    BAD_PROTOCOL = 4500
    BAD_TICKET = 4501
    SITE_DISABLED = 4503
    REPLACED = 4505
    BANNED = 4506
    SIGNED_OUT = 4507
    ERASED = 4508
    TOO_MANY_ERRORS = 4509

    @property
    def reconnects(self) -> bool:
        return self in (1011, 1012, 1013) or 4000 <= self <= 4499

    @property
    def ends_access(self) -> bool:
        """Whether the client may see nothing any more, not even what it was about to be sent."""
        return self in (4503, 4506, 4507, 4508)
