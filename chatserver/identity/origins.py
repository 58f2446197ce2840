"""Website origins in the one form a browser sends them: scheme://host[:port]. Pure."""

import ipaddress
import re
import unicodedata

from chatserver.errors import Invalid

ORIGIN_CHARS = 300
ORIGINS_PER_SITE = 50
_SHAPE = re.compile(r"(https?)://(\[[0-9a-f:.]+\]|[^\s/?#@\\:\[\]]+)(?::([0-9]{1,5}))?/?", re.I)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")


def site_origins(texts: list[str]) -> tuple[str, ...]:
    """The list as stored: normal, without repeats. Raises Invalid for `origins`."""
    if len(texts) > ORIGINS_PER_SITE:
        raise Invalid(fields={"origins": "too_long"})
    found = [normal_origin(text) for text in texts]
    if None in found:
        raise Invalid(
            "an origin looks like https://shop.example", fields={"origins": "not_an_origin"}
        )
    return tuple(dict.fromkeys(origin for origin in found if origin))


def normal_origin(text: str) -> str | None:
    """The origin, or None when it is none: a path, a user, a wildcard, plain http but not local."""
    match = _SHAPE.fullmatch(text.strip())
    if match is None or len(text) > ORIGIN_CHARS:
        return None
    scheme, port = match[1].lower(), int(match[3] or 0)
    host = _ip6(match[2]) if match[2].startswith("[") else ascii_host(match[2])
    if host is None or port > 65535 or (match[3] and port == 0):
        return None
    if scheme == "http" and not is_local(host):
        return None
    suffix = f":{port}" if port and port != _DEFAULT_PORTS[scheme] else ""
    return f"{scheme}://{host}{suffix}"


def is_local(host: str) -> bool:
    """Whether browsers treat this host as trustworthy without https."""
    return host in ("localhost", "127.0.0.1", "[::1]") or host.endswith(".localhost")


def ascii_host(text: str) -> str | None:
    """The host as it stands in an Origin header: lower case, punycode; None when it is no host."""
    labels = unicodedata.normalize("NFKC", text).lower().split(".")
    encoded = [_ascii_label(label) for label in labels]
    host = ".".join(label for label in encoded if label)
    if None in encoded or not 0 < len(host) <= 253:
        return None
    # Browsers read a last label of digits as part of an IPv4 address, in any of its old spellings.
    if encoded[-1] and re.fullmatch(r"[0-9]+|0x[0-9a-f]*", encoded[-1]):
        return host if _is_ip4(host) else None
    return host


def _ascii_label(label: str) -> str | None:
    if not label.isascii():
        if any(unicodedata.category(char)[0] not in "LMN" and char != "-" for char in label):
            return None
        label = "xn--" + label.encode("punycode").decode()
    return label if _LABEL.fullmatch(label) else None


def _is_ip4(host: str) -> bool:
    try:
        return str(ipaddress.IPv4Address(host)) == host
    except ValueError:
        return False


def _ip6(text: str) -> str | None:
    try:
        return f"[{ipaddress.IPv6Address(text[1:-1]).compressed}]"
    except ValueError:
        return None
