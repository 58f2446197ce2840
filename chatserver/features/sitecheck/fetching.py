"""Gets one page of a customer's website, and cannot be made to look into our own network: names
are resolved once, private addresses refused, and the connection goes to the address that was
looked at. Each redirect is a new question."""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Collection
from urllib.parse import urljoin, urlsplit

import httptools
from msgspec import Struct

from chatserver.identity.origins import normal_origin

REDIRECTS = 5
PIECE = 65536
HEADER_BYTES = 65536
AGENT = "chatserver-site-check"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# Ways by which an IPv6 address reaches an IPv4 one that is not written in it plainly.
_TUNNELS = tuple(ipaddress.ip_network(name) for name in ("64:ff9b::/96", "64:ff9b:1::/48"))


class NotFetched(Exception):
    """Why there is no page: a word that the console knows, and what it is about."""

    def __init__(self, reason: str, about: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.about = about


class Fetched(Struct, frozen=True):
    address: str
    status: int
    headers: dict[str, list[str]]
    body: bytes
    is_cut: bool


class Fetcher:
    def __init__(self, *, seconds: float, most_bytes: int, may_be_private: bool) -> None:
        self._seconds = seconds
        self._most_bytes = most_bytes
        self._may_be_private = may_be_private

    async def get(self, address: str, allowed: Collection[str]) -> Fetched:
        """The page, after redirects within the allowed origins. Raises NotFetched."""
        try:
            async with asyncio.timeout(self._seconds):
                for _ in range(REDIRECTS + 1):
                    answer = await self._once(address)
                    where = answer.headers.get("location")
                    if answer.status not in _REDIRECTS or not where:
                        return answer
                    address = urljoin(address, where[0])
                    if normal_origin(_origin(address)) not in allowed:
                        raise NotFetched("redirect", address[:300])
        except TimeoutError as error:
            raise NotFetched("timeout") from error
        raise NotFetched("redirects")

    async def _once(self, address: str) -> Fetched:
        url = urlsplit(address)
        host, port = url.hostname or "", url.port or (443 if url.scheme == "https" else 80)
        ip = await self._resolve(host, port)
        secure = url.scheme == "https"
        tls = await asyncio.to_thread(ssl.create_default_context) if secure else None
        try:
            reader, writer = await asyncio.open_connection(
                ip, port, ssl=tls, server_hostname=host if tls else None
            )
        except ssl.SSLError as error:
            raise NotFetched("certificate", host) from error
        except OSError as error:
            raise NotFetched("connection", host) from error
        try:
            writer.write(_request(url.netloc.rpartition("@")[2], url.path, url.query))
            return await self._read(reader, address)
        except (OSError, ssl.SSLError) as error:
            raise NotFetched("connection", host) from error
        finally:
            writer.close()

    async def _resolve(self, host: str, port: int) -> str:
        """One address of this name, if all of them are of the public network. Connecting to it,
        not to the name, is what keeps the answer true."""
        loop = asyncio.get_running_loop()
        name = "127.0.0.1" if host.endswith(".localhost") else host  # as browsers read it
        try:
            found = await loop.getaddrinfo(name, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise NotFetched("name", host) from error
        addresses = [str(one[4][0]) for one in found]
        if not self._may_be_private and not all(is_public(one) for one in addresses):
            raise NotFetched("private", host)
        if not addresses:
            raise NotFetched("name", host)
        return addresses[0]

    async def _read(self, reader: asyncio.StreamReader, address: str) -> Fetched:
        arriving = _Arriving()
        parser = httptools.HttpResponseParser(arriving)
        try:
            while not arriving.is_done and len(arriving.body) <= self._most_bytes:
                piece = await reader.read(PIECE)
                if not piece:
                    break
                arriving.add(piece)
                parser.feed_data(piece)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade, ValueError) as error:
            raise NotFetched("unreadable") from error
        if not arriving.has_headers:
            raise NotFetched("unreadable")
        return Fetched(
            address=address,
            status=parser.get_status_code(),
            headers=arriving.headers,
            body=bytes(arriving.body[: self._most_bytes]),
            is_cut=len(arriving.body) > self._most_bytes,
        )


class _Arriving:
    """What the parser tells as it reads."""

    def __init__(self) -> None:
        self.headers: dict[str, list[str]] = {}
        self.body = bytearray()
        self.has_headers = False
        self.is_done = False
        self._head_bytes = 0

    def add(self, piece: bytes) -> None:
        """Raises ValueError when headers do not end."""
        self._head_bytes += 0 if self.has_headers else len(piece)
        if self._head_bytes > HEADER_BYTES + PIECE:
            raise ValueError("too many headers")

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))

    def on_headers_complete(self) -> None:
        self.has_headers = True

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        self.is_done = True


def is_public(text: str) -> bool:
    """Whether an address is of the public network, also behind what IPv6 can hide it in."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is not None:
            return is_public(str(inner))
        if address.teredo is not None or any(address in tunnel for tunnel in _TUNNELS):
            return False
    return address.is_global and not address.is_multicast


def _request(host: str, path: str, query: str) -> bytes:
    target = (path or "/") + (f"?{query}" if query else "")
    lines = (
        f"GET {_ascii(target)} HTTP/1.1",
        f"Host: {_ascii(host)}",
        f"User-Agent: {AGENT}",
        "Accept: text/html",
        "Accept-Encoding: identity",
        "Connection: close",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


def _ascii(text: str) -> str:
    """Nothing that could end a line or be another one."""
    return "".join(
        char if "!" <= char <= "~" else "".join(f"%{byte:02X}" for byte in char.encode())
        for char in text
    )


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
