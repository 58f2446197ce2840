"""How much and how often: body sizes, token buckets, failed sign-ins. Kept in memory, bounded."""

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chatserver.clock import Clock
from chatserver.errors import RateLimited, TooLarge

# Each key costs some 200 bytes: 20 MB at most. The one unused longest makes room.
MOST_KEYS = 100_000
SIGN_IN_SECONDS = 15 * 60
# An office shares an address, so an address alone may fail more often than one account from it.
# There is no limit per account alone: with one, anybody could lock out anybody.
ADDRESS_FACTOR = 10
# Where a request's scope keeps the bound of its body.
BOUND = "chatserver.body_bytes"


class BodyLimit:
    """Refuses a body over the limit: at once when it is announced, else while it streams in. A door
    may set another bound before it reads."""

    def __init__(self, app: ASGIApp, *, most_bytes: int) -> None:
        self._app = app
        self._most = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        expected, got = int(announced) if announced.isdigit() else 0, 0
        scope[BOUND] = self._most

        async def receive_bounded() -> Message:
            nonlocal got
            most: int = scope[BOUND]
            if max(expected, got) <= most:
                message = await receive()
                got += len(message.get("body", b""))
            if max(expected, got) > most:
                raise TooLarge(f"a request body has at most {most} bytes")
            return message

        await self._app(scope, receive_bounded, send)


class Buckets:
    """A token bucket per key: `burst` at once, `rate` per second on average."""

    def __init__(self, *, clock: Clock, rate: float, burst: float) -> None:
        self._clock = clock
        self._rate = rate
        self._burst = burst
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> None:
        """Raises RateLimited with the seconds until the next token."""
        now = self._clock.monotonic()
        level, then = self._levels.pop(key, (self._burst, now))
        level = min(self._burst, level + (now - then) * self._rate)
        self._levels[key] = (max(0.0, level - 1) if level >= 1 else level, now)
        _trim(self._levels)
        if level < 1:
            raise RateLimited(retry_after=round((1 - level) / self._rate, 1) or 0.1)


class SignInLimit:
    """Counts failures by account with address, and by address. Keys are blurred names, never the
    names themselves. An attempt counts as failed from its beginning: a thousand at once would all
    pass a check that looks at finished ones."""

    def __init__(self, *, clock: Clock, attempts: int) -> None:
        self._clock = clock
        self._attempts = attempts
        self._failures: OrderedDict[str, list[float]] = OrderedDict()

    def begin(self, account: str, address: str) -> None:
        """Raises RateLimited when too many attempts failed in the last 15 minutes."""
        now = self._clock.monotonic()
        since = now - SIGN_IN_SECONDS
        recent = {
            key: [at for at in self._failures.get(key, ()) if at > since]
            for key, _ in self._keys(account, address)
        }
        for key, most in self._keys(account, address):
            if len(recent[key]) >= most:
                wait = recent[key][-most] - since
                raise RateLimited("too many failed sign-ins", retry_after=round(wait))
        for key, times in recent.items():
            self._failures.pop(key, None)
            self._failures[key] = [*times, now]
        _trim(self._failures)

    def withdraw(self, account: str, address: str) -> None:
        """The attempt that began last was none: nothing was guessed."""
        for key, _ in self._keys(account, address):
            if times := self._failures.get(key):
                times.pop()

    def succeeded(self, account: str, address: str) -> None:
        """Forgets the account's failures from here; those of the address stay."""
        self.withdraw(account, address)
        self._failures.pop(f"{account} {address}", None)

    def _keys(self, account: str, address: str) -> Iterable[tuple[str, int]]:
        yield f"{account} {address}", self._attempts
        yield address, self._attempts * ADDRESS_FACTOR


def _trim(table: OrderedDict[str, Any]) -> None:
    while len(table) > MOST_KEYS:
        table.popitem(last=False)
