"""A mail server of our own on a free port of this machine: real sockets, real TLS, told what to
answer."""

import asyncio
import email
import socket
import ssl
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

OK = "250 OK"
CUT = "cut the connection"
PASSWORD = "the password of the post"


@dataclass
class MailServer:
    """Takes everything, unless `recipients` or `contents` hold other answers, used up in turn."""

    port: int = 0
    recipients: list[str] = field(default_factory=list)
    contents: list[str] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)
    sessions: int = 0
    users: list[str] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def mails(self) -> list[EmailMessage]:
        return [email.message_from_bytes(e.content, policy=default) for e in self.envelopes]

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's names
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, lines: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.sessions += 1
        return lines

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        answer = self.recipients.pop(0) if self.recipients else OK
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        answer = self.contents.pop(0) if self.contents else OK
        if answer in (OK, CUT):
            self.envelopes.append(envelope)
            self.arrived.set()
        if answer == CUT:
            assert server.transport is not None
            server.transport.abort()
        return answer

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.users.append(data.login.decode())
        return AuthResult(success=data.password.decode() == PASSWORD, handled=False)


@asynccontextmanager
async def mail_server(
    security: str = "none",
    certificate: ssl.SSLContext | None = None,
    *,
    asks_password: bool = False,
) -> AsyncIterator[MailServer]:
    """`security` as in our settings; with a password it is asked for behind TLS only."""
    mails = MailServer()

    def protocol() -> SMTP:
        with warnings.catch_warnings():  # it does not see that TLS was there before it
            warnings.simplefilter("ignore")
            return new_protocol()

    def new_protocol() -> SMTP:
        return SMTP(
            mails,
            hostname="mail.test",
            tls_context=certificate if security == "starttls" else None,
            require_starttls=security == "starttls",
            authenticator=mails.authenticate if asks_password else None,
            auth_required=asks_password,
            auth_require_tls=security != "tls",
        )

    server = await asyncio.get_running_loop().create_server(
        protocol, "127.0.0.1", 0, ssl=certificate if security == "tls" else None
    )
    mails.port = server.sockets[0].getsockname()[1]
    try:
        yield mails
    finally:
        server.close()
        await server.wait_closed()


def certificate_of(folder: Path, name: str = "127.0.0.1") -> tuple[ssl.SSLContext, str]:
    """A certificate for a server, and the file of the authority that signed it."""
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(context)
    file = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    return context, str(file)


def free_port() -> int:
    """Nobody listens there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
