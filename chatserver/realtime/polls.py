"""What outlives a poll: how fast its visitor or agent sends, and which request holds for a tab."""

from collections import OrderedDict
from collections.abc import Callable

from chatserver.protocol.codes import CloseCode
from chatserver.realtime.crowd import Member
from chatserver.realtime.manners import Pace, Patience

# Some 600 bytes each. Whoever polled least recently starts afresh, which only matters to somebody
# who was over a limit.
MOST_PACES = 20_000


class Polls:
    """Of this node. Nothing else of a poll is kept: each says who it is and what it holds."""

    def __init__(self) -> None:
        self._paces: OrderedDict[str, Pace] = OrderedDict()
        self._holds: dict[str, Member] = {}

    def pace(self, principal: str, patience: Patience, now: float) -> Pace:
        """What all polls of one visitor or agent share: a limit that each request began anew would
        be none."""
        pace = self._paces.pop(principal, None) or Pace(patience, now)
        self._paces[principal] = pace
        if len(self._paces) > MOST_PACES:
            self._paces.popitem(last=False)
        return pace

    def hold(self, tab: str, member: Member) -> Callable[[], None]:
        """This request waits for news from now on, no longer the one before it."""
        before = self._holds.get(tab)
        self._holds[tab] = member
        if before is not None:
            before.hang(CloseCode.DONE, "a newer poll")

        def release() -> None:
            if self._holds.get(tab) is member:
                del self._holds[tab]

        return release
