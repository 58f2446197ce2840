"""The key in a file's address: which file, for whom, until when, and our signature."""

from datetime import UTC, datetime, timedelta

from msgspec import Struct

from chatserver.clock import Clock
from chatserver.conversation.model import Actor, AuthorKind
from chatserver.features.uploads.model import Principal, Variant
from chatserver.identity.signing import Signing

PURPOSE = "file-link"
KEY_CHARS = 400
# Within a span of this many seconds a file has one address, so that browsers need not load a
# picture again for every list of links.
STEP_SECONDS = 300


class Wanted(Struct, frozen=True):
    """What a good key asks for. Whether it may be had is asked anew each time."""

    file_id: str
    variant: Variant
    who: Principal


class Links:
    """Ids hold no dots, so dots keep the parts apart; a signature stands behind the last one."""

    def __init__(self, *, clock: Clock, signing: Signing, origin: str, seconds: int) -> None:
        self._clock = clock
        self._signing = signing
        self._origin = origin
        self._life = timedelta(seconds=seconds)

    def expiry(self) -> datetime:
        """When links made now end: `seconds` at least, and a step at most behind that."""
        end = (self._clock.now() + self._life).timestamp()
        return datetime.fromtimestamp((end // STEP_SECONDS + 1) * STEP_SECONDS, UTC)

    def address(self, wanted: Wanted, expires_at: datetime) -> str:
        who = wanted.who
        parts = (
            wanted.file_id,
            wanted.variant.value,
            who.workspace_id,
            who.actor.kind.value,
            who.actor.id or "",
            who.session_id,
            str(int(expires_at.timestamp())),
        )
        return f"{self._origin}/uploads/files/{self._signing.sign(PURPOSE, '.'.join(parts))}"

    def read(self, key: str) -> Wanted | None:
        """None: not ours, or over."""
        text = self._signing.read(PURPOSE, key) if len(key) <= KEY_CHARS else None
        if text is None:
            return None
        file_id, variant, workspace_id, kind, actor_id, session_id, expires = text.split(".")
        if self._clock.now().timestamp() >= int(expires):
            return None
        who = Principal(workspace_id, Actor(AuthorKind(kind), actor_id), session_id)
        return Wanted(file_id, Variant(variant), who)
