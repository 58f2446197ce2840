"""Secrets that we must be able to read again, kept so that a copy of the database alone does not
give them away."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class Sealing:
    """By the installation's keys: the first one seals, every one opens. `purpose` keeps one kind of
    secret from being opened as another."""

    def __init__(self, keys: tuple[str, ...], purpose: str) -> None:
        self._box = MultiFernet([Fernet(_derived(key, purpose)) for key in keys])

    def seal(self, secret: str) -> str:
        return self._box.encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str | None:
        """None: sealed by a key that this installation has no more."""
        try:
            return self._box.decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None


def _derived(key: str, purpose: str) -> bytes:
    """The installation's key is long and random, so that one pass is enough."""
    mac = hashlib.blake2b(f"sealing.{purpose}".encode(), key=key.encode()[:64], digest_size=32)
    return base64.urlsafe_b64encode(mac.digest())
