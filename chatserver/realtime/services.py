"""What the desks of all connections share."""

from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from chatserver.broker.base import Broker
from chatserver.clock import Clock
from chatserver.config import Settings
from chatserver.conversation.service import Conversations
from chatserver.identity.directory import Directory
from chatserver.identity.service import Identity
from chatserver.ids import Ids
from chatserver.protocol.shared import Limits
from chatserver.realtime.arrivals import Arrivals
from chatserver.realtime.crowd import Crowd
from chatserver.realtime.doorplate import Doorplate
from chatserver.realtime.hub import Hub
from chatserver.realtime.inbox import InboxFeed
from chatserver.realtime.manners import Patience
from chatserver.realtime.marks import Marks
from chatserver.realtime.outbox import Bounds
from chatserver.realtime.places import Joins
from chatserver.realtime.polls import Polls
from chatserver.realtime.presence import Presence
from chatserver.realtime.rows import RowReader
from chatserver.realtime.wheel import Wheel
from chatserver.storage.database import Database
from chatserver.tasks import Supervisor
from chatserver.web.addresses import Addresses

# Facts a client may ask for at a time.
HISTORY_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Services:
    """Handed to every connection; none of it belongs to one."""

    settings: Settings
    addresses: Addresses
    database: Database
    clock: Clock
    ids: Ids
    broker: Broker
    hub: Hub
    presence: Presence
    identity: Identity
    conversations: Conversations
    marks: Marks
    directory: Directory
    rows: RowReader
    inbox: InboxFeed
    crowd: Crowd
    visitor_arrivals: Arrivals
    agent_arrivals: Arrivals
    places: Joins
    doorplate: Doorplate
    polls: Polls
    wheel: Wheel
    supervisor: Supervisor

    @property
    def bounds(self) -> Bounds:
        settings = self.settings
        return Bounds(
            frames=settings.outbox_frames,
            bytes=settings.outbox_bytes,
            signal_seconds=settings.signal_seconds,
            slow_seconds=settings.slow_seconds,
        )

    def visitor_patience(self) -> Patience:
        return self._patience(self.settings.visitor_rate, self.settings.visitor_burst)

    def agent_patience(self) -> Patience:
        return self._patience(self.settings.agent_rate, self.settings.agent_burst)

    def monotonic(self, moment: datetime) -> float:
        """When that will be, in seconds of the clock that never jumps."""
        return self.clock.monotonic() + (moment - self.clock.now()).total_seconds()

    def limits(self, frame_bytes: int) -> Limits:
        settings = self.settings
        limits = Limits(settings.text_chars, frame_bytes, HISTORY_LIMIT)
        if not settings.upload_files:
            return limits
        return replace(
            limits,
            files=settings.upload_files,
            file_bytes=settings.upload_bytes,
            file_types=settings.upload_endings,
        )

    def _patience(self, rate: float, burst: int) -> Patience:
        settings = self.settings
        return Patience(
            rate=rate,
            burst=burst,
            hello_seconds=settings.hello_seconds,
            ping_seconds=settings.ping_seconds,
            pong_seconds=settings.pong_seconds,
            pending=settings.pending_requests,
            unseen_seconds=settings.unseen_seconds,
            notice_seconds=settings.expiring_seconds,
            draft_chars=settings.draft_chars,
        )
