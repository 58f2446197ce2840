"""Talks to the mail server: one connection, kept as long as there is something to say."""

import asyncio
import contextlib
import ssl
from urllib.parse import urlsplit

import aiosmtplib

from chatserver.config import Settings
from chatserver.features.mail.model import Failure, NoServer

# Answers that are about us and our password, not about the mail: a person will put that right.
ABOUT_US = frozenset({530, 534, 535, 538})


class Smtp:
    """Delivers to the configured server. Not for two tasks at once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client: aiosmtplib.SMTP | None = None

    async def deliver(self, sender: str, recipient: str, message: bytes) -> None:
        """Returns when the server took it. Raises NoServer or Failure."""
        client = await self._connected()
        try:
            await client.sendmail(sender, [recipient], message)
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _failure(error.recipients[0]) from error
        except aiosmtplib.SMTPResponseException as error:
            raise _failure(error) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            client.close()  # cut or silent: nobody knows what it would answer next
            raise _failure(error) from error
        except asyncio.CancelledError:
            client.close()  # no time for a goodbye
            raise

    async def greet(self) -> None:
        """Connects and signs in, and sends nothing. Raises NoServer."""
        await self._connected()

    async def close(self) -> None:
        """Says goodbye if somebody listens."""
        client, self._client = self._client, None
        if client is not None and client.is_connected:
            with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                await client.quit()

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._client is None or not self._client.is_connected:
            try:
                self._client = await self._connect()
            except (aiosmtplib.SMTPException, OSError) as error:
                raise NoServer(_reason(error)) from error
        return self._client

    async def _connect(self) -> aiosmtplib.SMTP:
        client = self._new()
        try:
            await client.connect()
        except BaseException:
            client.close()
            raise
        return client

    def _new(self) -> aiosmtplib.SMTP:
        settings = self._settings
        return aiosmtplib.SMTP(
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            username=settings.smtp_user or None,
            password=settings.smtp_password or None,
            use_tls=settings.smtp_security == "tls",
            start_tls=settings.smtp_security == "starttls",
            tls_context=self._trust(),
            timeout=settings.smtp_seconds,
            local_hostname=urlsplit(settings.public_origin).hostname,
        )

    def _trust(self) -> ssl.SSLContext | None:
        """None where nothing is encrypted: a context may not be given then."""
        if self._settings.smtp_security == "none":
            return None
        return ssl.create_default_context(cafile=self._settings.smtp_ca_file or None)


def _failure(error: Exception) -> Failure:
    """Only a clear no of the server is final; silence, cuts and 4xx are not."""
    code = error.code if isinstance(error, aiosmtplib.SMTPResponseException) else 0
    return Failure(_reason(error), is_final=500 <= code < 600 and code not in ABOUT_US)


def _reason(error: Exception) -> str:
    """In the server's own words, or the network's. Neither holds our password."""
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return f"{error.code} {error.message}"
    return str(error) or type(error).__name__
