"""The doorkeeper that the sign-in, invitations and password changes share: how often somebody may
try, and the cookie of those who got in."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from starlette.requests import Request

from chatserver.broker.buckets import Buckets
from chatserver.clock import Clock
from chatserver.config import Settings
from chatserver.errors import BadCredentials, ChatError
from chatserver.identity.signing import Signing
from chatserver.web.addresses import Addresses
from chatserver.web.guard import Cookies
from chatserver.web.limits import SignInLimit

# Another text after somebody forgave an account its failures.
Forgiven = Callable[[str], Awaitable[str]]


class Door:
    """Counts wrong passwords. Addresses and accounts are blurred with a key that changes daily."""

    def __init__(
        self,
        *,
        settings: Settings,
        clock: Clock,
        signing: Signing,
        buckets: Buckets,
        forgiven: Forgiven,
    ) -> None:
        self.cookies = Cookies(is_https=settings.is_https)
        self._addresses = Addresses(settings.trusted_proxies)
        self._limit = SignInLimit(buckets, attempts=settings.sign_in_attempts)
        self._clock = clock
        self._signing = signing
        self._forgiven = forgiven

    @asynccontextmanager
    async def attempt(self, request: Request, account: str) -> AsyncIterator[None]:
        """Around one check of a password. Raises RateLimited before it when there were too many."""
        address = request.client and (request.client.host, request.client.port)
        origin = self._addresses.of(address, request.headers.get("x-forwarded-for", ""))
        known_as = f"{account.strip().lower()} {await self._forgiven(account)}"
        names = self._blur("account", known_as), self._blur("address", origin)
        await self._limit.begin(*names)
        try:
            yield
        except ChatError as error:
            if not _is_wrong_guess(error):
                await self._limit.withdraw(*names)
            raise
        await self._limit.succeeded(*names)

    def _blur(self, purpose: str, name: str) -> str:
        return self._signing.blur(f"{purpose} {self._clock.now().date().isoformat()}", name)


def _is_wrong_guess(error: ChatError) -> bool:
    """Not a form with a name too long, nor a database that was busy."""
    return isinstance(error, BadCredentials) or "current" in error.fields
