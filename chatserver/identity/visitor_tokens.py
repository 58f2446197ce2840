"""How a visitor is remembered: a bearer token that is replaced while it lives.

The previous token stays good until its successor was used and ten minutes passed: a second tab and
a lost answer look the same as a thief, and are far more common.
"""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.clock import Clock
from chatserver.identity import visitor_store
from chatserver.identity.model import Visitor
from chatserver.identity.visitor_store import Token
from chatserver.ids import digest, new_secret

OVERLAP = timedelta(minutes=10)
# Tabs that ask for a successor at once each get their own; more than this at once is not a visitor.
SUCCESSORS = 5
# By how much a use has to move a token's end on to be stored.
TOUCH = timedelta(hours=1)
TOKEN_CHARS = 100


class VisitorTokens:
    """Issues, finds and rotates, always in the caller's transaction."""

    def __init__(self, *, clock: Clock, days: float, rotate_hours: float) -> None:
        self._clock = clock
        self._life = timedelta(days=days)
        self._rotate_after = timedelta(hours=rotate_hours)

    async def find(self, connection: AsyncConnection, secret: str) -> Token | None:
        """Whose secret this is. One that has just ended still opens the door: its end closes the
        sockets of somebody who is in the middle of a chat and comes back at once."""
        if not 0 < len(secret) <= TOKEN_CHARS:
            return None
        now = self._clock.now()
        return await visitor_store.token(connection, digest(secret), now - OVERLAP, now)

    async def look_up(self, connection: AsyncConnection, secret: str) -> Token | None:
        """As `find`, without the intention to change it."""
        if not 0 < len(secret) <= TOKEN_CHARS:
            return None
        now = self._clock.now()
        return await visitor_store.look_up(connection, digest(secret), now - OVERLAP, now)

    async def issue(
        self, connection: AsyncConnection, visitor: Visitor, succeeds: Token | None = None
    ) -> tuple[str, datetime]:
        """The secret and when it ends."""
        secret, now = new_secret(), self._clock.now()
        token = Token(
            digest=digest(secret),
            workspace_id=visitor.workspace_id,
            site_id=visitor.site_id,
            visitor_id=visitor.id,
            issued_at=now,
            expires_at=now + self._life,
            succeeds=succeeds.digest if succeeds else None,
        )
        if succeeds is not None:
            await visitor_store.tidy_tokens(connection, succeeds, SUCCESSORS - 1, now)
        await visitor_store.add_token(connection, token)
        return secret, token.expires_at

    def unused(self, token: Token) -> datetime | None:
        """When the visitor's token ends, where using it would change nothing worth storing; else
        None. Its end moves on with use, by the hour, or by less where it lives for less."""
        now = self._clock.now()
        is_old = now - token.issued_at >= self._rotate_after
        is_behind = now + self._life - token.expires_at >= min(TOUCH, self._life / 100)
        is_proof = token.used_at is None and token.succeeds is not None  # that it arrived
        return None if is_old or is_behind or is_proof else token.expires_at

    async def use(
        self, connection: AsyncConnection, visitor: Visitor, token: Token
    ) -> tuple[str | None, datetime]:
        """A new secret when this one is old enough, and when the visitor's token ends."""
        now = self._clock.now()
        await self._note_use(connection, token, now)
        if now - token.issued_at >= self._rotate_after:
            return await self.issue(connection, visitor, succeeds=token)
        return None, now + self._life

    async def _note_use(self, connection: AsyncConnection, token: Token, now: datetime) -> None:
        values = {"expires_at": now + self._life}
        if token.used_at is None:
            values["used_at"] = now
            if token.succeeds is not None:
                await visitor_store.retire(connection, token, max(now, token.issued_at + OVERLAP))
        await visitor_store.change_token(connection, token, values)
