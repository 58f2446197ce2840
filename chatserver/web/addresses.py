"""Where a request comes from, and which origins are ours. Only named proxies are believed."""

import ipaddress
from collections.abc import Mapping

from chatserver.config import Settings

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Addresses:
    """The client's address of a request, as far as it can be known."""

    def __init__(self, trusted_proxies: str) -> None:
        names = (name.strip() for name in trusted_proxies.split(","))
        self._trusted: list[Network] = [
            ipaddress.ip_network(name, strict=False) for name in names if name
        ]

    def of(self, client: tuple[str, int] | None, forwarded_for: str) -> str:
        """The nearest address that is not a proxy of ours. What stands further left in
        X-Forwarded-For was written by whoever asked."""
        address = client[0] if client else ""
        for name in reversed(forwarded_for.split(",")):
            if not self._is_trusted(address) or not _is_address(name):
                break
            address = name.strip()
        return _network(address)

    def _is_trusted(self, address: str) -> bool:
        return _is_address(address) and any(
            ipaddress.ip_address(address.strip()) in network for network in self._trusted
        )


def own_origins(settings: Settings) -> frozenset[str]:
    return frozenset({settings.console_origin, settings.widget_origin, settings.public_origin})


def socket_origin(origin: str) -> str:
    """The same place by WebSocket: https becomes wss."""
    return "ws" + origin.removeprefix("http")


def is_same_origin(headers: Mapping[str, str], ours: frozenset[str] | str) -> bool:
    """Whether a browser says that our own page asks. A browser always says it of a change."""
    fetch_site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if fetch_site is not None and fetch_site != "same-origin":
        return False
    if origin is not None:
        return origin in ours if isinstance(ours, frozenset) else origin == ours
    return fetch_site == "same-origin"


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text.strip())
    except ValueError:
        return False
    return True


def _network(address: str) -> str:
    """A whole /64 of IPv6 is one subscriber; counting single addresses would count nothing."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
