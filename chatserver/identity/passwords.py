"""Passwords: which ones are accepted, and Argon2id off the event loop."""

import asyncio
import base64
import secrets
import unicodedata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from chatserver.errors import Invalid, Unavailable

MIN_CHARS = 10
MAX_CHARS = 256
# A hash takes 64 MiB and a core for a tenth of a second: two at a time keep a small machine alive
# while somebody tries a list of passwords.
AT_ONCE = 2
# Who waits behind these waits three seconds already, and holds a request open.
WAITING = 64
_COMMON = Path(__file__).with_name("common_passwords.txt")


def normal(password: str) -> str:
    """One spelling for what looks the same, whatever keyboard it was typed on."""
    return unicodedata.normalize("NFKC", password)


class Passwords:
    """Hashes and checks. `memory_kib` and `rounds` are lowered by tests only."""

    def __init__(self, *, memory_kib: int = 65536, rounds: int = 3) -> None:
        self._hasher = PasswordHasher(time_cost=rounds, memory_cost=memory_kib, parallelism=1)
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0
        self._common = frozenset(_COMMON.read_text(encoding="utf-8").split())
        self._decoy = f"$argon2id$v=19$m={memory_kib},t={rounds},p=1${_noise(16)}${_noise(32)}"

    def accept(self, password: str, *, email: str = "", field: str = "password") -> None:
        """Raises Invalid with the reason when a new password is too weak."""
        problem = self._problem(normal(password), email)
        if problem:
            raise Invalid("choose another password", fields={field: problem})

    async def hash(self, password: str) -> str:
        async with self._slot():
            return await asyncio.to_thread(self._hasher.hash, normal(password))

    async def verify(self, stored: str | None, password: str) -> bool:
        """Takes the same time without a stored hash: an unknown account cannot be told apart."""
        if len(password) > MAX_CHARS:
            return False
        async with self._slot():
            matches = await asyncio.to_thread(self._matches, stored or self._decoy, password)
        return matches and stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Whether a hash was made with weaker parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    @asynccontextmanager
    async def _slot(self) -> AsyncIterator[None]:
        """Raises Unavailable instead of queueing without end."""
        if self._waiting >= WAITING:
            raise Unavailable("too many sign-ins at once", retry_after=3)
        self._waiting += 1
        try:
            async with self._slots:
                yield
        finally:
            self._waiting -= 1

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, normal(password))
        except (VerificationError, InvalidHashError):
            return False

    def _problem(self, password: str, email: str) -> str | None:
        if not password:
            return "required"
        if len(password) < MIN_CHARS:
            return "too_short"
        if len(password) > MAX_CHARS:
            return "too_long"
        return "too_common" if self._is_common(password.casefold(), email.casefold()) else None

    def _is_common(self, password: str, email: str) -> bool:
        bare = password.strip("0123456789 !?.,:;#$%&*+-_=@")
        if email and bare and (password == email or bare in (email, email.partition("@")[0])):
            return True
        return len(set(password)) < 5 or bool(self._common & {password, bare}) or not bare.strip()


def _noise(length: int) -> str:
    return base64.b64encode(secrets.token_bytes(length)).decode().rstrip("=")
