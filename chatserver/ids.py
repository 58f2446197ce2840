"""Names for things and secrets for people. 128 bits of randomness at least, never sequential."""

import base64
import hashlib
import secrets
from typing import Protocol


class Ids(Protocol):
    """Hands out identifiers; tests hand in predictable ones."""

    def new(self) -> str: ...


class RandomIds:
    def new(self) -> str:
        """26 characters, lower-case base 32: safe in URLs and file names."""
        return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()


def new_secret() -> str:
    """A bearer secret of 256 bits. Store only its `digest`."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What we store of a secret. Plain SHA-256 is right: the input is random, no password."""
    return hashlib.sha256(secret.encode()).hexdigest()
