"""How much and how often: body sizes, paces, failed sign-ins."""

from math import ceil

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chatserver.broker.buckets import Buckets, Size
from chatserver.errors import RateLimited, TooLarge

# The attempts that are allowed at once come back evenly over this time.
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


class Pace:
    """A token bucket per key, on all nodes together: `burst` at once, `rate` a second on average.
    `name` keeps its keys apart from those of others."""

    def __init__(self, buckets: Buckets, name: str, *, rate: float, burst: float) -> None:
        self._buckets = buckets
        self._name = name
        self._size = Size(rate, burst)

    async def take(self, key: str) -> None:
        """Raises RateLimited with the seconds until the next token."""
        wait = await self._buckets.take(f"{self._name}:{key}", self._size)
        if wait:
            raise RateLimited(retry_after=round(wait, 1) or 0.1)


class SignInLimit:
    """Counts failures by account with address, and by address. Keys are blurred names, never the
    names themselves. An attempt counts as failed from its beginning: a thousand at once would all
    pass a check that looks at finished ones."""

    def __init__(self, buckets: Buckets, *, attempts: int) -> None:
        self._buckets = buckets
        most = max(1, attempts)
        self._of_account = Size(most / SIGN_IN_SECONDS, most)
        most *= ADDRESS_FACTOR
        self._of_address = Size(most / SIGN_IN_SECONDS, most)

    async def begin(self, account: str, address: str) -> None:
        """Raises RateLimited when too many attempts failed."""
        buckets, own = self._buckets, _own(account, address)
        wait = await buckets.take(own, self._of_account)
        if not wait:
            wait = await buckets.take(_all(address), self._of_address)
            if wait:
                await buckets.give_back(own, self._of_account)
        if wait:
            raise RateLimited("too many failed sign-ins", retry_after=ceil(wait))

    async def withdraw(self, account: str, address: str) -> None:
        """The attempt that began last was none: nothing was guessed."""
        await self._buckets.give_back(_own(account, address), self._of_account)
        await self._buckets.give_back(_all(address), self._of_address)

    async def succeeded(self, account: str, address: str) -> None:
        """Forgets the account's failures from here; those of the address stay."""
        await self._buckets.fill(_own(account, address))
        await self._buckets.give_back(_all(address), self._of_address)


def _own(account: str, address: str) -> str:
    return f"sign-in:{account} {address}"


def _all(address: str) -> str:
    return f"sign-in:{address}"
