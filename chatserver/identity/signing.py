"""Short texts signed with the installation's keys. The first key signs, every key is believed, so
that a key can be changed without a moment in which nothing works."""

import base64
import hashlib
import hmac

from itsdangerous import BadSignature, Signer


class Signing:
    """Some keys, the newest first. `purpose` keeps one kind of text from passing as another."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        if not keys:
            raise ValueError("a secret key is needed")
        self._keys = keys

    def sign(self, purpose: str, text: str) -> str:
        return self._signer(purpose).sign(text).decode()

    def read(self, purpose: str, signed: str) -> str | None:
        """The text when its signature is ours, else None."""
        try:
            return self._signer(purpose).unsign(signed).decode()
        except (BadSignature, UnicodeError):
            return None

    def blur(self, purpose: str, text: str) -> str:
        """A name for something that must not be kept itself, such as a network address."""
        mac = hmac.digest(self._keys[0].encode(), f"{purpose}\0{text}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(mac[:18]).decode()

    def _signer(self, purpose: str) -> Signer:
        # itsdangerous signs with the last key of its list.
        return Signer(
            [key.encode() for key in reversed(self._keys)],
            salt=f"chatserver.{purpose}",
            digest_method=hashlib.sha256,
            key_derivation="hmac",
        )


def keys_of(secret_key: str) -> tuple[str, ...]:
    """The keys of the setting: one, or several separated by commas, the newest first."""
    return tuple(key.strip() for key in secret_key.split(",") if key.strip())
